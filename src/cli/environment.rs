//! The environment: which of its variables stand for a flag. What they mean is said at each flag.
//!
//! One that is set to nothing counts as not set, as it is where a Compose file passes on what the
//! machine does not have. One whose value cannot be read is named beside its flag.

use clap::{
    Arg, Command, Error,
    error::{ContextKind, ContextValue, ErrorKind},
};
use std::{env, ffi::OsString, net::IpAddr};

/// The command line without the variables that are to be ignored, in its verbs too.
pub fn ignore_unset(command: Command) -> Command {
    let keep_if_set = |arg: Arg| if is_respected(&arg) { arg } else { arg.env(None::<&str>) };
    command.mut_args(keep_if_set).mut_subcommands(ignore_unset)
}

/// Where a verb is named, the flags outside of the verbs lose their variables: these flags are `serve`'s,
/// which has them itself.
pub fn leave_to_serve(command: Command, arguments: impl IntoIterator<Item = OsString>) -> Command {
    let first = arguments.into_iter().nth(1);
    if first.is_some_and(|verb| command.find_subcommand(verb).is_some()) {
        return command.mut_args(|arg| arg.env(None::<&str>));
    }
    command
}

/// The error of a value that is not from the command line with the variable that it is from: who wrote a
/// manifest has never typed its flag.
pub fn with_variable(
    mut command: Command,
    mut arguments: impl Iterator<Item = OsString>,
    mut error: Error,
) -> Error {
    let flag = match (error.kind(), error.get(ContextKind::InvalidArg)) {
        (ErrorKind::ValueValidation | ErrorKind::InvalidValue, Some(ContextValue::String(flag))) => flag,
        _ => return error,
    };
    // Of the verbs, clap has built the one alone that was named, and can write an argument of no other.
    command.build();
    let commands = [&command].into_iter().chain(command.get_subcommands());
    let found = commands
        .flat_map(Command::get_arguments)
        .find_map(|arg| (arg.to_string() == *flag).then(|| Some((arg.get_long()?, arg.get_env()?)))?);
    let Some((flag, variable)) = found else { return error };
    let flag = format!("--{flag}");
    if !arguments.any(|argument| argument.to_string_lossy().split('=').next() == Some(&*flag)) {
        let tip = format!("the value is that of the variable {}", variable.display());
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![tip.into()]));
    }
    error
}

fn is_respected(arg: &Arg) -> bool {
    let Some((name, value)) = arg.get_env().and_then(|name| Some((name, env::var_os(name)?))) else {
        return true;
    };
    match name.to_str() {
        // A key that is lost on its way must not leave the API open.
        Some("VALENCE_API_KEY") => true,
        // Some shells and compilers' environments export a machine's name.
        Some("HOST") => value.to_str().is_some_and(|host| host.parse::<IpAddr>().is_ok()),
        _ => !value.is_empty(),
    }
}
