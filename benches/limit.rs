//! The limit: what the processor gives without a server, a queue or a client.
//!
//! Texts are sorted by length and run in plain loops, for every sensible number of sessions,
//! threads and texts in a batch. Prints one line of JSON for each: texts a second and, for single
//! texts, the median time of one in milliseconds.
//!
//! `cargo bench --features ssr --bench limit -- MODEL_FOLDER TEXTS_FILE`, a text a line.

use std::{
    env, fs,
    path::PathBuf,
    thread,
    time::{Duration, Instant},
};
use valence::{
    engine::{
        artifact::Artifact,
        batch::Batch,
        device::Device,
        dtype::Dtype,
        runtime::Runtime,
        session::{Model, OnnxSession, SessionOptions},
        tokenizer::{Encoding, Tokenizer},
    },
    loading::locate,
};

/// Time of one measurement.
const PERIOD: Duration = Duration::from_secs(4);

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let [model, texts] = arguments.as_slice() else {
        anyhow::bail!("name a model folder and a file of texts, one a line");
    };
    let artifact = Artifact::open(&PathBuf::from(model))?;
    let tokenizer = Tokenizer::open(&artifact.tokenizer, artifact.max_tokens, usize::MAX)?;
    let mut encodings = Vec::new();
    for text in fs::read_to_string(texts)?.lines() {
        let tokens = tokenizer.encode(text)?;
        encodings.extend(tokens.windows().iter().map(|window| tokens.encoding(window)));
    }
    encodings.sort_by_key(Encoding::len);

    let runtime = Runtime::load(&locate::runtime())?;
    let (dtype, file) = artifact.graph(None, Dtype::ON_CPU)?;
    let graph = artifact.read(&file)?;
    let cpus = thread::available_parallelism()?.get();
    let rows: &[usize] = if graph.may_be_batched() { &[1, 4, 8, 16, 32] } else { &[1] };
    for (sessions, threads) in [(1, 1), (1, cpus), (cpus, 1)] {
        let options = SessionOptions::new(Device::Cpu, artifact.config.labels().len(), threads);
        for &rows in rows {
            let batches: Vec<Batch> = encodings
                .chunks(rows)
                .map(|chunk| Batch::new(&chunk.iter().collect::<Vec<_>>(), 0))
                .collect();
            let models = OnnxSession::open_several(&runtime, &graph, sessions, options)?;
            let (texts_per_second, p50) = measure(models, &batches)?;
            println!(
                r#"{{"dtype": "{dtype}", "sessions": {sessions}, "threads": {threads}, "rows": {rows}, "texts_per_second": {texts_per_second:.1}, "p50_ms": {p50:.3}}}"#
            );
        }
    }
    Ok(())
}

/// Runs the batches on every session for a while: texts a second of all, median time of a batch.
fn measure(models: Vec<OnnxSession>, batches: &[Batch]) -> anyhow::Result<(f64, f64)> {
    let sessions = models.len();
    let start = Instant::now();
    let loops: Vec<_> = thread::scope(|scope| {
        let handles: Vec<_> = models
            .into_iter()
            .enumerate()
            .map(|(number, mut model)| {
                scope.spawn(move || {
                    let (mut texts, mut times) = (0, Vec::new());
                    // Each session begins elsewhere, so that lengths mix as they do in a server.
                    for batch in batches.iter().cycle().skip(number * batches.len() / sessions) {
                        let before = Instant::now();
                        model.logits(batch)?;
                        times.push(before.elapsed().as_secs_f64() * 1000.0);
                        texts += batch.rows;
                        if start.elapsed() > PERIOD {
                            break;
                        }
                    }
                    anyhow::Ok((texts, times))
                })
            })
            .collect();
        handles.into_iter().map(|handle| handle.join().expect("no panic in a loop")).collect()
    });
    let seconds = start.elapsed().as_secs_f64();
    let (mut texts, mut times) = (0, Vec::new());
    for result in loops {
        let (more, of_one) = result?;
        texts += more;
        times.extend(of_one);
    }
    times.sort_by(f64::total_cmp);
    Ok((texts as f64 / seconds, times[times.len() / 2]))
}
