//! The choices: how the lines or the file were read, and a way to correct it.

use super::{
    intake::Intake,
    source::Source,
    table::{Choice, FORMATS, Format},
};
use leptos::prelude::*;

/// How the lines or the file were read, with a control to correct each guess.
#[component]
pub fn Choices(
    /// What is read, and how.
    intake: Intake,
) -> impl IntoView {
    let Intake { source, choice, table, .. } = intake;
    let format = move |event| {
        let number = event_target_value(&event).parse::<usize>().unwrap_or_default();
        let format = FORMATS[number.min(FORMATS.len() - 1)].0;
        let has_header = choice.get_untracked().has_header && format != Format::Lines;
        intake.choose(Choice { format, has_header }, None);
    };
    let header = move |event| {
        intake.choose(Choice { has_header: event_target_checked(&event), ..choice.get_untracked() }, None);
    };
    let pick = move |event| intake.choose(choice.get_untracked(), event_target_value(&event).parse().ok());
    let formats = Vec::from(FORMATS.map(|(_, name)| name.to_owned()));
    let columns = move || table.with(|table| table.columns.clone());
    let is_json = move || choice.get().format == Format::JsonLines;
    view! {
        // A header alone may have been a text: what has no rows can be put right, too.
        <div class="choices" hidden=move || source.with(Source::is_blank)>
            <label>
                "Format"
                <select on:change=format>
                    {options(intake, formats, |intake, number| intake.choice.get().format == FORMATS[number].0)}
                </select>
            </label>
            <label>
                "Text column"
                <select on:change=pick>
                    {move || options(intake, columns(), |intake, number| intake.column.get() == number)}
                </select>
            </label>
            <label class="check" hidden=is_json>
                <input
                    type="checkbox"
                    prop:checked=move || choice.get().has_header
                    on:change=header
                />
                "First row names the columns"
            </label>
        </div>
    }
}

/// Options by these names, by their numbers, of which the chosen one is selected.
fn options(intake: Intake, names: Vec<String>, is_chosen: fn(Intake, usize) -> bool) -> impl IntoView {
    let option = move |(number, name): (usize, String)| {
        view! {
            <option value=number.to_string() prop:selected=move || is_chosen(intake, number)>
                {name}
            </option>
        }
    };
    names.into_iter().enumerate().map(option).collect_view()
}
