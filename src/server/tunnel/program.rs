//! A tunnel: the program while it runs.
//!
//! It gets a process group of its own: Ctrl-C at the terminal is for the server, which closes the
//! tunnel after the requests under way, and whatever the program has started ends with it. A watcher
//! in that group does the same where the server comes to another end.

use super::{ShareError, client::Client, watcher};
use crate::server::origin::Origin;
use rustix::process::{Pid, Signal, kill_process_group};
use std::{
    io::{BufRead, BufReader, Read},
    net::SocketAddr,
    os::unix::process::CommandExt,
    process::{Child, Stdio},
    sync::{
        Arc, Mutex, PoisonError, Weak,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};
use tokio::{sync::mpsc, time};

/// How long a program may take until it gives its link.
const TIMEOUT: Duration = Duration::from_secs(30);

/// How long it may take to end when it is asked to.
const GRACE: Duration = Duration::from_secs(2);

/// How long one whose link is known is waited for, which mostly ends at once where it does not work.
const TRIAL: Duration = Duration::from_secs(2);

/// How often it is looked after.
const LOOK: Duration = Duration::from_millis(200);

/// A program that runs, and the link that leads through it; the last clone that is dropped ends it.
#[derive(Clone)]
pub struct Tunnel {
    link: Origin,
    program: Arc<Program>,
}

struct Program {
    /// Until it is ended.
    running: Mutex<Option<Running>>,
    /// The last line that it wrote.
    said: Arc<Mutex<String>>,
    is_open: AtomicBool,
}

struct Running {
    child: Child,
    watcher: Option<Child>,
}

impl Tunnel {
    /// Starts the program and waits for its link, where that is not known.
    ///
    /// # Errors
    ///
    /// A [`ShareError`] where it gives none; it has ended then.
    pub async fn open(
        client: &Client,
        server: SocketAddr,
        known: Option<Origin>,
    ) -> Result<Self, ShareError> {
        let (program, mut links) = Program::start(client, server)?;
        let ended = |program: &Program| ShareError::Ended { name: client.name.clone(), said: program.said() };
        let link = match known {
            Some(_) if program.ends_within(TRIAL, &mut links).await => return Err(ended(&program)),
            Some(link) => link,
            None => match time::timeout(TIMEOUT, links.recv()).await {
                Ok(Some(link)) => link,
                Ok(None) => return Err(ended(&program)),
                Err(_) => {
                    let seconds = TIMEOUT.as_secs();
                    return Err(ShareError::NoLink {
                        name: client.name.clone(),
                        seconds,
                        said: program.said(),
                    });
                }
            },
        };
        let tunnel = Self { link, program: Arc::new(program) };
        tokio::spawn(look_after(tunnel.link.clone(), Arc::downgrade(&tunnel.program)));
        Ok(tunnel)
    }

    /// The public address.
    #[must_use]
    pub fn link(&self) -> &Origin {
        &self.link
    }

    /// The public address, as long as it leads here.
    #[must_use]
    pub fn open_link(&self) -> Option<&Origin> {
        self.program.is_open.load(Ordering::Relaxed).then_some(&self.link)
    }

    /// Ends the program; blocks until it has ended.
    pub fn close(&self) {
        self.program.end();
    }
}

/// Tells where a tunnel ends before it is closed.
async fn look_after(link: Origin, program: Weak<Program>) {
    loop {
        time::sleep(LOOK).await;
        let Some(program) = program.upgrade() else { return };
        if !program.is_open.load(Ordering::Relaxed) {
            return;
        }
        if let Some(how) = program.ended() {
            program.end();
            // Its words may be a visitor's, such as an address with a text.
            tracing::error!(
                %link,
                how,
                "the tunnel has ended, and its link no longer works; restart the server to get another one"
            );
            return;
        }
    }
}

impl Program {
    /// Starts it; its links come through the channel, which ends with its output.
    fn start(client: &Client, server: SocketAddr) -> Result<(Self, mpsc::Receiver<Origin>), ShareError> {
        let mut child = client
            .command(server)
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|source| ShareError::Start { name: client.name.clone(), source })?;
        let watcher = watcher::start(child.id().cast_signed())
            .inspect_err(|error| tracing::warn!(%error, "a server that is killed leaves its tunnel open"))
            .ok();
        let said = Arc::new(Mutex::new(String::from("nothing")));
        let (links, link) = mpsc::channel(1);
        if let Some(output) = child.stdout.take() {
            listen(output, client.clone(), links.clone(), Arc::clone(&said));
        }
        if let Some(output) = child.stderr.take() {
            listen(output, client.clone(), links, Arc::clone(&said));
        }
        let running = Mutex::new(Some(Running { child, watcher }));
        Ok((Self { running, said, is_open: AtomicBool::new(true) }, link))
    }

    fn said(&self) -> String {
        self.said.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// How it has ended by itself, if it has.
    fn ended(&self) -> Option<String> {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        running.as_mut().and_then(|running| ended(&mut running.child))
    }

    /// Whether it ends by itself soon; all that it wrote is read then.
    async fn ends_within(&self, limit: Duration, links: &mut mpsc::Receiver<Origin>) -> bool {
        let end = async {
            while self.ended().is_none() {
                time::sleep(LOOK).await;
            }
        };
        let has_ended = time::timeout(limit, end).await.is_ok();
        if has_ended {
            // What it has started may keep its output open.
            let _ = time::timeout(LOOK, async { while links.recv().await.is_some() {} }).await;
        }
        has_ended
    }

    /// Asks it to end, makes it where it does not, and ends what it has left behind.
    fn end(&self) {
        self.is_open.store(false, Ordering::Relaxed);
        // Locked while it ends, so that another caller waits for it too.
        let mut place = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(Running { mut child, watcher }) = place.take() else { return };
        let Some(group) = i32::try_from(child.id()).ok().and_then(Pid::from_raw) else { return };
        for signal in [Signal::TERM, Signal::KILL] {
            if ended(&mut child).is_some() {
                break;
            }
            // It has not been waited for, so its number is still its own.
            let _ = kill_process_group(group, signal);
            let asked = Instant::now();
            while ended(&mut child).is_none() && asked.elapsed() < GRACE {
                thread::sleep(Duration::from_millis(10));
            }
        }
        let _ = kill_process_group(group, Signal::KILL);
        if let Some(mut watcher) = watcher {
            let _ = watcher.wait();
        }
    }
}

/// How it has ended, if it has; one that cannot be asked has.
fn ended(child: &mut Child) -> Option<String> {
    match child.try_wait() {
        Ok(status) => status.map(|status| status.to_string()),
        Err(error) => Some(error.to_string()),
    }
}

/// Reads all that a program writes, so that it never waits for a reader.
fn listen(
    output: impl Read + Send + 'static,
    client: Client,
    links: mpsc::Sender<Origin>,
    said: Arc<Mutex<String>>,
) {
    thread::spawn(move || {
        for line in BufReader::new(output).split(b'\n').map_while(Result::ok) {
            let line = String::from_utf8_lossy(&line);
            if let Some(link) = client.link(&line) {
                // Only the first is waited for.
                let _ = links.try_send(link);
            }
            if !line.trim().is_empty() {
                *said.lock().unwrap_or_else(PoisonError::into_inner) = line.trim().to_owned();
            }
        }
    });
}

impl Drop for Program {
    fn drop(&mut self) {
        self.end();
    }
}
