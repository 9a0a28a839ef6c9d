//! Retries: what the Hub refuses for a moment is asked for again, a few times.

use super::error::HubError;
use std::{thread, time::Duration};

/// Attempts at one thing, the first one included.
const ATTEMPTS: u32 = 4;

/// The wait before the second attempt where the Hub names none; each later one is longer by as much.
const PAUSE: Duration = Duration::from_millis(500);

/// The longest time that the Hub may ask to wait for, before it is left to the user.
const MAX_WAIT: Duration = Duration::from_secs(30);

/// Tries to get `what`, again where the error is a passing one; waits as long as the Hub asks for.
///
/// # Errors
///
/// The last attempt's error, or one that is not passing or asks for too long a wait.
pub fn retry<T>(what: &str, mut attempt: impl FnMut() -> Result<T, HubError>) -> Result<T, HubError> {
    for number in 1..ATTEMPTS {
        let error = match attempt() {
            Err(error) if error.is_passing() => error,
            done => return done,
        };
        let wait = match error {
            HubError::Busy { seconds: Some(seconds) } => Duration::from_secs(seconds),
            _ => PAUSE * number,
        };
        if wait > MAX_WAIT {
            return Err(error);
        }
        tracing::warn!(what, %error, "once more");
        thread::sleep(wait);
    }
    attempt()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attempts(error: fn() -> HubError) -> u32 {
        let mut attempts = 0;
        let done: Result<(), HubError> = retry("a file", || {
            attempts += 1;
            Err(error())
        });
        done.expect_err("no attempt succeeds");
        attempts
    }

    #[test]
    fn only_a_passing_error_with_a_short_wait_is_tried_again() {
        assert_eq!(attempts(|| HubError::Busy { seconds: Some(0) }), ATTEMPTS);
        assert_eq!(attempts(|| HubError::Busy { seconds: Some(31) }), 1);
        assert_eq!(attempts(|| HubError::NoModel { repo: "a/b".into() }), 1);
    }
}
