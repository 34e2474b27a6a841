//! Help in the user's language: clap's own words and the texts of all commands and options.
//!
//! A command's text is `help-<command>` (nested: `help-journal-verify`), an option's `help-<command>-<option>` or, where
//! it means the same in several commands, `option-<option>`; a value's name is `value-<name>`.

use std::fmt::Write as _;

use clap::{Arg, ArgAction, Command};

use super::text::Text;

/// Returns `command` with all its commands and options in the language of `text`.
pub fn localized(command: Command, text: &Text) -> Command {
    let help = Arg::new("help").short('h').long("help").global(true).action(ArgAction::Help);
    let version = Arg::new("version").short('V').long("version").action(ArgAction::Version);
    let command = command.disable_help_flag(true).disable_version_flag(true).arg(help).arg(version);
    localize(command, "", "earchiv", text)
}

/// Returns the key of the text of `argument` in the command `path`: its own one, else the common one.
pub fn argument_key(path: &str, argument: &Arg, text: &Text) -> String {
    let name = argument.get_id().as_str().replace('_', "-");
    let own = format!("help-{path}-{name}");
    if !path.is_empty() && text.find_plain(&own).is_some() { own } else { format!("option-{name}") }
}

fn localize(command: Command, path: &str, call: &str, text: &Text) -> Command {
    let about = if path.is_empty() { text.say("help", &[]) } else { text.say(&format!("help-{path}"), &[]) };
    let command = command
        .about(about)
        .disable_help_subcommand(true)
        .subcommand_help_heading(text.say("heading-commands", &[]))
        .subcommand_value_name(text.say("value-command", &[]))
        .help_template(format!(
            "{{about}}\n\n{}: {{usage}}\n\n{{all-args}}{{after-help}}\n",
            text.say("heading-usage", &[])
        ))
        .mut_args(|argument| localize_argument(argument, path, text))
        .mut_subcommands(|command| {
            let name = command.get_name().to_owned();
            let path = if path.is_empty() { name.clone() } else { format!("{path}-{name}") };
            localize(command, &path, &format!("{call} {name}"), text)
        });
    let usage = usage(&command, call, text);
    command.override_usage(usage)
}

fn localize_argument(argument: Arg, path: &str, text: &Text) -> Arg {
    let help = text.say(&argument_key(path, &argument, text), &[]);
    let heading = if argument.is_positional() {
        text.say("heading-arguments", &[])
    } else if argument.is_global_set() || argument.get_id() == "version" {
        text.say("heading-common", &[])
    } else {
        text.say("heading-options", &[])
    };
    let argument = argument.help(help).help_heading(heading);
    // clap names a value for every option, also for those that take none.
    if !argument.get_action().takes_values() {
        return argument;
    }
    let names: Vec<String> =
        argument.get_value_names().unwrap_or_default().iter().map(|name| value_name(name, text)).collect();
    argument
        .value_names(names)
        // clap would introduce them in English; the texts tell what matters.
        .hide_possible_values(true)
        .hide_default_value(true)
}

fn value_name(name: &str, text: &Text) -> String {
    let key = format!("value-{}", name.to_lowercase().replace('_', "-"));
    text.say(&key, &[])
}

fn usage(command: &Command, call: &str, text: &Text) -> String {
    let mut usage = format!("{call} [{}]", text.say("value-options", &[]));
    if command.is_subcommand_required_set() {
        let _ = write!(usage, " <{}>", text.say("value-command", &[]));
        return usage;
    }
    let name = |argument: &Arg| argument.get_value_names().unwrap_or_default().join(" ");
    for option in command.get_opts().filter(|option| option.is_required_set()) {
        let long = option.get_long().unwrap_or_default();
        let _ = write!(usage, " --{long} <{}>", name(option));
    }
    for positional in command.get_positionals() {
        let (left, right) = if positional.is_required_set() { ('<', '>') } else { ('[', ']') };
        let _ = write!(usage, " {left}{}{right}", name(positional));
        if matches!(positional.get_action(), ArgAction::Append) {
            usage.push_str("...");
        }
    }
    if command.has_subcommands() {
        let _ = write!(usage, " [{}]", text.say("value-command", &[]));
    }
    usage
}
