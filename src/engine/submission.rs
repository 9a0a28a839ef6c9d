//! A submission: one request's rows on their way through the queue.
//!
//! A request of many rows (a long text, an explanation) has only a share of them in the queue at
//! a time, enough to keep every session busy, and at most half of the queue. So it neither fills
//! the queue nor keeps others waiting for longer than that share takes. Where others leave less
//! room, it has less there, down to a row; where they leave none, it waits in line. Each of many texts that
//! were sent together is a submission; the queue lets single ones in between.

use super::{
    queue::{Kind, Place, Queue, Refusal, Waiting},
    session::SessionError,
    timing::Wait,
    tokenizer::Encoding,
};
use std::{collections::VecDeque, sync::Arc};
use thiserror::Error;
use tokio::sync::oneshot;

/// One row of logits, or why there is none.
pub type Answer = Result<Vec<f32>, SessionError>;

/// Why rows got no logits.
#[derive(Debug, Error)]
pub enum BatchError {
    /// The queue took none of them, or lost them.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The session failed.
    #[error(transparent)]
    Failed(#[from] SessionError),
}

/// A row that waits, and who waits for it.
pub struct Entry {
    /// The row's tokens.
    pub encoding: Encoding,
    /// Where its logits go.
    pub answer: oneshot::Sender<Answer>,
    /// The request's wait, with its first row.
    pub wait: Option<Wait>,
    /// Whether its text is a single one, or one of many.
    pub kind: Kind,
}

impl Waiting for Entry {
    fn encoding(&self) -> &Encoding {
        &self.encoding
    }

    fn is_abandoned(&self) -> bool {
        self.answer.is_closed()
    }

    fn kind(&self) -> Kind {
        self.kind
    }
}

/// How much of one request may be in the queue and in batches.
#[derive(Clone, Copy, Debug)]
pub struct Share {
    /// Rows, at most; at least one.
    pub rows: usize,
    /// Tokens, at most; a single row may have more.
    pub tokens: usize,
}

/// A request whose first rows are in the queue; dropping it takes them out.
pub struct Submission {
    queue: Arc<Queue<Entry>>,
    share: Share,
    total: usize,
    /// Not in the queue yet, the next one last.
    rest: Vec<Encoding>,
    /// Goes with the first row.
    wait: Option<Wait>,
    /// The next row's, where none is under way.
    place: Option<Place>,
    kind: Kind,
    /// In the queue or in a batch: the row's tokens, and where its logits will come.
    under_way: VecDeque<(usize, oneshot::Receiver<Answer>)>,
}

impl Submission {
    /// Puts a first share of the rows into the queue, or what there is room for: the first row at least,
    /// which has a place.
    ///
    /// # Errors
    ///
    /// [`Refusal::Left`] and [`Refusal::Closed`].
    pub fn begin(
        queue: Arc<Queue<Entry>>,
        share: Share,
        mut rows: Vec<Encoding>,
        wait: Wait,
        place: Place,
    ) -> Result<Self, Refusal> {
        let total = rows.len();
        rows.reverse();
        let mut submission = Self {
            queue,
            share,
            total,
            rest: rows,
            wait: Some(wait),
            kind: place.kind(),
            place: Some(place),
            under_way: VecDeque::new(),
        };
        submission.push_share()?;
        Ok(submission)
    }

    /// Waits for every row's logits, in their order; `progress` hears how many of how many are
    /// there.
    ///
    /// # Errors
    ///
    /// [`BatchError::Refused`] where the queue takes no more, [`BatchError::Failed`] where a run failed.
    pub async fn logits(
        mut self,
        mut progress: impl FnMut(usize, usize),
    ) -> Result<Vec<Vec<f32>>, BatchError> {
        let mut logits = Vec::with_capacity(self.total);
        while logits.len() < self.total {
            match self.under_way.pop_front() {
                Some((_, answer)) => logits.push(answer.await.map_err(|_| Refusal::Closed)??),
                None => self.place = Some(self.queue.keep_further(self.kind).await?),
            }
            // Those of the same batch come together; the places of all are given on at once.
            while let Some((_, answer)) = self.under_way.front_mut() {
                match answer.try_recv() {
                    Ok(row) => logits.push(row?),
                    Err(oneshot::error::TryRecvError::Empty) => break,
                    Err(oneshot::error::TryRecvError::Closed) => return Err(Refusal::Closed.into()),
                }
                self.under_way.pop_front();
            }
            progress(logits.len(), self.total);
            match self.push_share() {
                Ok(()) | Err(Refusal::Full) => {}
                Err(refusal) => return Err(refusal.into()),
            }
        }
        Ok(logits)
    }

    /// Moves rows into the queue until the share is used up, or the queue is full.
    fn push_share(&mut self) -> Result<(), Refusal> {
        let (mut rows, mut tokens) =
            self.under_way.iter().fold((0, 0), |(rows, tokens), (length, _)| (rows + 1, tokens + length));
        let count = self.rest.iter().rev().take_while(|row| {
            (rows, tokens) = (rows + 1, tokens + row.len());
            rows == 1 || (rows <= self.share.rows && tokens <= self.share.tokens)
        });
        let count = count.count();
        if count == 0 {
            return Ok(());
        }
        let (mut entries, mut answers): (Vec<_>, Vec<_>) = self
            .rest
            .drain(self.rest.len() - count..)
            .rev()
            .map(|encoding| {
                let (answer, logits) = oneshot::channel();
                let length = encoding.len();
                let entry = Entry { encoding, answer, wait: self.wait.take(), kind: self.kind };
                (entry, (length, logits))
            })
            .unzip();
        let pushed = self.queue.push(&mut entries, self.place.take());
        answers.truncate(count - entries.len());
        self.under_way.extend(answers);
        self.rest.extend(entries.into_iter().rev().map(|left| left.encoding));
        pushed
    }
}
