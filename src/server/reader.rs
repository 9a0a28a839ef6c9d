//! A reader: the client's end of a connection, which has to take what it asked for.
//!
//! A client that asks and does not read would hold its place, and an answer in memory, for ever.
//! Only the time counts in which bytes wait for the client, not that in which an answer is made.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Sleep, sleep},
};

/// A connection that breaks when a write waits for too long.
#[derive(Debug)]
pub struct Reader<S> {
    stream: S,
    patience: Duration,
    /// What ends a wait.
    wait: Option<Pin<Box<Sleep>>>,
}

impl<S> Reader<S> {
    /// The reader behind `stream`, for whom a write waits no longer than `patience`.
    pub fn new(stream: S, patience: Duration) -> Self {
        Self { stream, patience, wait: None }
    }

    /// Ends the wait for a write that got on, and a write that waits for too long.
    fn hurry<T>(&mut self, write: Poll<io::Result<T>>, context: &mut Context<'_>) -> Poll<io::Result<T>> {
        if write.is_ready() {
            self.wait = None;
            return write;
        }
        let patience = self.patience;
        let wait = self.wait.get_or_insert_with(|| Box::pin(sleep(patience)));
        wait.as_mut().poll(context).map(|()| Err(io::ErrorKind::TimedOut.into()))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Reader<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Reader<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let write = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.hurry(write, context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let write = Pin::new(&mut self.stream).poll_write_vectored(context, parts);
        self.hurry(write, context)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flush = Pin::new(&mut self.stream).poll_flush(context);
        self.hurry(flush, context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let shutdown = Pin::new(&mut self.stream).poll_shutdown(context);
        self.hurry(shutdown, context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

    const SHORT: Duration = Duration::from_millis(100);

    #[tokio::test]
    async fn one_who_does_not_read_is_given_up() {
        let (_client, server) = duplex(8);
        let error = Reader::new(server, SHORT).write_all(&[0; 100]).await.expect_err("a full pipe");
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    }

    #[tokio::test]
    async fn one_who_reads_slowly_gets_everything() {
        let (mut client, server) = duplex(8);
        let writing = tokio::spawn(async move { Reader::new(server, SHORT).write_all(&[7; 100]).await });
        let mut read = Vec::new();
        while read.len() < 100 {
            sleep(SHORT / 5).await;
            let mut some = [0; 8];
            let count = client.read(&mut some).await.expect("bytes");
            read.extend_from_slice(&some[..count]);
        }
        writing.await.expect("no panic").expect("patience for each write");
        assert_eq!(read, [7; 100]);
    }
}
