//! Values of flags and variables: how they are read, and what is told of those that cannot be.

use std::{fmt::Display, net::IpAddr, ops::RangeInclusive, str::FromStr};

/// Reads a whole number of this range.
pub fn whole<T>(
    numbers: RangeInclusive<T>,
) -> impl Fn(&str) -> Result<T, String> + Clone + Send + Sync + 'static
where
    T: FromStr + PartialOrd + Display + Clone + Send + Sync + 'static,
{
    move |text| {
        let number = text.parse::<T>().ok().filter(|number| numbers.contains(number));
        number.ok_or_else(|| format!("not a whole number from {} to {}", numbers.start(), numbers.end()))
    }
}

/// Reads a number from 0 to 1.
///
/// # Errors
///
/// What such a value is.
pub fn fraction(text: &str) -> Result<f32, String> {
    let fraction = text.parse().ok().filter(|fraction| (0.0..=1.0).contains(fraction));
    fraction.ok_or_else(|| "not a number from 0 to 1".into())
}

/// Reads an IP address; a name would have to be looked up.
///
/// # Errors
///
/// What such a value is.
pub fn ip_address(text: &str) -> Result<IpAddr, String> {
    text.parse().map_err(|_| "not an IP address, like 127.0.0.1, or 0.0.0.0 or :: for every interface".into())
}

/// Reads whether the flag is on, from its variable. A word that is none of these must not turn on what its
/// writer may have meant to turn off.
///
/// # Errors
///
/// What such a value is.
pub fn switch(text: &str) -> Result<bool, String> {
    match &*text.to_ascii_lowercase() {
        "true" | "yes" | "on" | "1" | "t" | "y" => Ok(true),
        "false" | "no" | "off" | "0" | "f" | "n" => Ok(false),
        _ => Err("neither true, yes, on or 1, nor false, no, off or 0".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Cli;
    use clap::{Arg, CommandFactory, Parser};

    // Any word that was not a no turned it on, "none" too.
    #[test]
    fn a_switch_is_on_or_off_by_words_that_say_so() {
        for (words, is_on) in [(["true", "YES", "on", "1"], true), (["false", "No", "off", "0"], false)] {
            assert!(words.into_iter().all(|word| switch(word) == Ok(is_on)), "{words:?}");
        }
        assert!(["none", "disabled", "never", "2", ""].into_iter().all(|word| switch(word).is_err()));
    }

    #[test]
    fn a_whole_number_is_of_its_range() {
        let port = whole(1..=u16::MAX);
        assert_eq!((port("1"), port("65535")), (Ok(1), Ok(65_535)));
        let refused = Err("not a whole number from 1 to 65535".to_owned());
        for other in ["", "0", "65536", "-1", "1.5", "x"] {
            assert_eq!(port(other), refused, "{other}");
        }
    }

    // Rust's own words, such as "invalid digit found in string", do not.
    #[test]
    fn whatever_is_refused_says_what_is_taken() {
        let program = Cli::command();
        for verb in ["serve", "bench"] {
            let flags = program.find_subcommand(verb).expect("a verb").get_arguments();
            for flag in flags.filter(|flag| flag.get_action().takes_values()).filter_map(Arg::get_long) {
                for wrong in ["localhost", "0", "1.5"] {
                    let given = format!("--{flag}={wrong}");
                    let Err(error) = Cli::try_parse_from(["valence", verb, &given]) else { continue };
                    let error = error.to_string();
                    let of_rust = ["found in", "syntax", "non-zero", "is not in"];
                    assert!(!of_rust.into_iter().any(|words| error.contains(words)), "{error}");
                }
            }
        }
    }
}
