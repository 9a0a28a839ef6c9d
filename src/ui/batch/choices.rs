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
    let Intake { source, choice, table, column, .. } = intake;
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
    let is_json = move || choice.get().format == Format::JsonLines;
    view! {
        // A header alone may have been a text: what has no rows can be put right, too.
        <div class="choices" hidden=move || source.with(Source::is_blank)>
            <label>
                "Format"
                <select on:change=format>
                    {FORMATS
                        .iter()
                        .enumerate()
                        .map(|(number, (format, name))| {
                            let format = *format;
                            view! {
                                <option value=number.to_string() prop:selected=move || choice.get().format == format>
                                    {*name}
                                </option>
                            }
                        })
                        .collect_view()}
                </select>
            </label>
            <label>
                "Text column"
                <select on:change=pick>
                    {move || {
                        let columns = table.with(|table| table.columns.clone());
                        let option = |(number, name): (usize, String)| {
                            view! {
                                <option value=number.to_string() prop:selected=move || column.get() == number>
                                    {name}
                                </option>
                            }
                        };
                        columns.into_iter().enumerate().map(option).collect_view()
                    }}
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
