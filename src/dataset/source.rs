//! Sources: the bytes of a file, or of a stream, of which a reader can know whether its next line has come.
//!
//! A stream is read on a thread of its own, so that rows which are there need not wait for those to come.

use super::{is_standard, is_stream};
use std::{
    fs::File,
    io::{self, BufRead, BufReader, Read},
    path::Path,
    sync::mpsc::{Receiver, TryRecvError, sync_channel},
    thread,
};

/// Bytes of a stream that are read at once, at most.
const PIECE: usize = 64 * 1024;

/// Pieces of a stream that are read ahead.
const PIECES_AHEAD: usize = 4;

/// Where bytes come from.
pub enum Source {
    /// A file, which never waits.
    File(Box<dyn BufRead + Send>),
    /// Standard input or a pipe.
    Stream(Stream),
}

/// A stream, which is read ahead.
pub struct Stream {
    pieces: Receiver<io::Result<Vec<u8>>>,
    /// What has come, of which the bytes before `start` are read.
    piece: Vec<u8>,
    start: usize,
    /// Before it, from `start` on, are ends of lines alone.
    text: usize,
    /// What comes after it, if it is no more bytes.
    error: Option<io::Error>,
}

impl<R: Read + Send + ?Sized + 'static> From<Box<R>> for Source {
    fn from(bytes: Box<R>) -> Self {
        Self::File(Box::new(BufReader::new(bytes)))
    }
}

impl Source {
    /// The bytes of a file; `-` is standard input.
    ///
    /// # Errors
    ///
    /// What the system says where it cannot be read.
    pub fn open(file: &Path) -> io::Result<Self> {
        if is_standard(file) {
            return Ok(Self::Stream(Stream::new(io::stdin())));
        }
        let bytes = File::open(file)?;
        Ok(if is_stream(file) { Self::Stream(Stream::new(bytes)) } else { Box::new(bytes).into() })
    }

    /// Whether a line can be read, or the end, without a wait.
    ///
    /// Of a line that is longer than what is read at once it is not known, nor where quotes have line
    /// breaks: then more is waited for.
    pub fn has_line(&mut self) -> bool {
        match self {
            Self::File(_) => true,
            Self::Stream(stream) => stream.has_line(),
        }
    }
}

impl Stream {
    /// Begins to read, on a thread that ends with the bytes, or when nobody takes them any more.
    #[must_use]
    pub fn new(mut bytes: impl Read + Send + 'static) -> Self {
        let (sender, pieces) = sync_channel(PIECES_AHEAD);
        thread::spawn(move || {
            loop {
                let mut piece = vec![0; PIECE];
                let read = match bytes.read(&mut piece) {
                    Ok(0) => return,
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                    read => read,
                };
                let is_last = read.is_err();
                piece.truncate(*read.as_ref().unwrap_or(&0));
                if sender.send(read.map(|_| piece)).is_err() || is_last {
                    return;
                }
            }
        });
        Self { pieces, piece: Vec::new(), start: 0, text: 0, error: None }
    }

    fn has_line(&mut self) -> bool {
        let is_end = |byte: &u8| matches!(byte, b'\n' | b'\r');
        loop {
            // The first may end the line before; those that were seen are not looked at again.
            self.text = self.text.max(self.start);
            self.text += self.piece[self.text..].iter().take_while(|&byte| is_end(byte)).count();
            let is_there = self.piece[self.text..].iter().any(is_end);
            if is_there || self.piece.len() - self.start > PIECE {
                return true;
            }
            match self.pieces.try_recv() {
                Ok(Ok(more)) => {
                    self.piece.drain(..self.start);
                    self.text -= self.start;
                    self.piece.extend(more);
                    self.start = 0;
                }
                Ok(Err(error)) => {
                    self.error = Some(error);
                    return true;
                }
                Err(TryRecvError::Empty) => return false,
                Err(TryRecvError::Disconnected) => return true,
            }
        }
    }
}

impl BufRead for Stream {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.start == self.piece.len() {
            if let Some(error) = self.error.take() {
                return Err(error);
            }
            // Without a sender, all is read.
            self.piece = self.pieces.recv().unwrap_or_else(|_| Ok(Vec::new()))?;
            (self.start, self.text) = (0, 0);
        }
        Ok(&self.piece[self.start..])
    }

    fn consume(&mut self, bytes: usize) {
        self.start += bytes;
    }
}

impl Read for Stream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(buffer)?;
        self.consume(read);
        Ok(read)
    }
}

impl BufRead for Source {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        match self {
            Self::File(bytes) => bytes.fill_buf(),
            Self::Stream(stream) => stream.fill_buf(),
        }
    }

    fn consume(&mut self, bytes: usize) {
        match self {
            Self::File(file) => file.consume(bytes),
            Self::Stream(stream) => stream.consume(bytes),
        }
    }
}

impl Read for Source {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::File(bytes) => bytes.read(buffer),
            Self::Stream(stream) => stream.read(buffer),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn a_line_of_a_stream_is_there_once_its_end_has_come() {
        let (reader, mut writer) = io::pipe().expect("a pipe");
        let mut stream = Stream::new(reader);
        let mut line = Vec::new();
        let mut next = |stream: &mut Stream| {
            line.clear();
            stream.read_until(b'\n', &mut line).expect("read");
            line.clone()
        };
        writer.write_all(b"good\r\nb").expect("written");
        assert_eq!(next(&mut stream), b"good\r\n");
        assert!(!stream.has_line());
        writer.write_all(b"ad\n\r\n").expect("written");
        while !stream.has_line() {
            thread::yield_now();
        }
        assert_eq!(next(&mut stream), b"bad\n");
        assert!(!stream.has_line(), "only the end of one is there");
        drop(writer);
        while !stream.has_line() {
            thread::yield_now();
        }
        assert_eq!((next(&mut stream), next(&mut stream)), (b"\r\n".to_vec(), Vec::new()));
    }

    #[test]
    fn a_line_that_is_never_whole_is_not_read_ahead_without_end() {
        let mut stream = Stream::new(io::repeat(b'a'));
        assert_eq!(stream.fill_buf().expect("read").len(), PIECE);
        while !stream.has_line() {
            thread::yield_now();
        }
        assert_eq!(stream.piece.len(), 2 * PIECE);
    }
}
