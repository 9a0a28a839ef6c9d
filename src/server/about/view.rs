//! The summary of a model, at the foot of the page.

use super::{About, model_card::OneOrMany};
use leptos::prelude::*;

/// The summary.
#[component]
pub fn Summary(
    /// The model's card.
    about: About,
) -> impl IntoView {
    let query: String =
        form_urlencoded::Serializer::new(String::new()).append_pair("model", &about.name).finish();
    let facts = &about.facts;
    let named = [
        ("Model", Some(about.name.clone())),
        ("Runs as", Some(about.runs_on.clone())),
        ("Made from", facts.base_model.as_ref().map(OneOrMany::join)),
        ("Trained on", Some(facts.datasets.join()).filter(|names| !names.is_empty())),
        ("Licence", facts.license.clone()),
    ];
    let named = named.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
    let rows = named.chain(facts.figures()).map(|(name, value)| {
        view! {
            <dt>{name}</dt>
            <dd>{value}</dd>
        }
    });
    let limits = (!about.limits.is_empty()).then(|| {
        let items = about.limits.iter().map(|limit| view! { <li>{limit.clone()}</li> }).collect_view();
        view! {
            <h2>"Known limits"</h2>
            <ul>{items}</ul>
        }
    });
    let card = (!about.prose.is_empty())
        .then(|| view! { <p><a class="more" href=format!("/model?{query}")>"The model's card"</a></p> });
    view! {
        <details class="panel">
            <summary>{format!("About {}", about.name)}</summary>
            <dl>{rows.collect_view()}</dl>
            {limits}
            {card}
        </details>
    }
}
