//! The page of the endpoints for programs: each operation with what it takes and returns.

use super::plain;
use crate::server::{
    assets::Assets,
    docs::{Answer, Body, Field, Operation, Reference},
};
use leptos::prelude::*;

/// The document; it needs no script.
pub fn reference(assets: &Assets, reference: &Reference) -> impl IntoView + use<> {
    let group = |(name, description, operations): (String, String, Vec<Operation>)| {
        view! {
            <section>
                <h2>{name}</h2>
                <p>{prose(&description)}</p>
                {operations.into_iter().map(|operation| view! { <Endpoint operation /> }).collect_view()}
            </section>
        }
    };
    let main = view! {
        <main class="prose reference">
            <h1>"For programs"</h1>
            <p>
                "Everything here is also described as OpenAPI 3.1, at " <a href="/openapi.json">"/openapi.json"</a>
                ". Calls to copy are " <a href="/code">"on a page of their own"</a> "."
            </p>
            {reference.groups().into_iter().map(group).collect_view()}
        </main>
    };
    plain(assets, "For programs", Vec::new(), vec![main.into_any()])
}

/// An operation.
#[component]
fn Endpoint(
    /// The operation.
    operation: Operation,
) -> impl IntoView {
    let Operation { name, summary, description, parameters, request, answers, refusals } = operation;
    let answer = |Answer { status, meaning, body }: Answer| {
        view! {
            <details class="panel">
                <summary>{format!("Answer {status}")}</summary>
                <p>{prose(&meaning)}</p>
                {body.map(|body| view! { <Content body /> })}
            </details>
        }
    };
    view! {
        <article class="endpoint">
            <h3>
                <code>{name}</code>
            </h3>
            <p>{prose(&summary)}</p>
            {(!description.is_empty()).then(|| view! { <p>{prose(&description)}</p> })}
            {(!parameters.is_empty())
                .then(|| {
                    view! {
                        <h4>"In the address"</h4>
                        <Fields fields=parameters />
                    }
                })}
            {request
                .map(|body| {
                    view! {
                        <h4>"Body"</h4>
                        <Content body />
                    }
                })}
            {answers.into_iter().map(answer).collect_view()}
            {(!refusals.is_empty()).then(|| view! { <Refusals refusals /> })}
        </article>
    }
}

/// What comes back where something is wrong.
#[component]
fn Refusals(
    /// It.
    refusals: Vec<Answer>,
) -> impl IntoView {
    let field = |Answer { status, meaning, .. }: Answer| Field { name: status, kind: String::new(), meaning };
    view! {
        <details class="panel">
            <summary>"Refusals"</summary>
            <Fields fields=refusals.into_iter().map(field).collect() />
        </details>
    }
}

/// A body.
#[component]
fn Content(
    /// The body.
    body: Body,
) -> impl IntoView {
    let Body { types, example, fields } = body;
    view! {
        <p class="quiet">{types}</p>
        {example
            .map(|example| {
                view! {
                    <pre tabindex="0">
                        <code>{example}</code>
                    </pre>
                }
            })}
        <Fields fields />
    }
}

/// Fields, one a row.
#[component]
fn Fields(
    /// The fields.
    fields: Vec<Field>,
) -> impl IntoView {
    let row = |Field { name, kind, meaning }: Field| {
        view! {
            <tr>
                <th scope="row">
                    <code>{name}</code>
                </th>
                <td>{kind}</td>
                <td>{prose(&meaning)}</td>
            </tr>
        }
    };
    (!fields.is_empty()).then(|| {
        view! {
            <div class="reference__fields" tabindex="0" role="group" aria-label="Fields">
                <table>
                    <thead>
                        <tr>
                            <th scope="col">"Name"</th>
                            <th scope="col">"Kind"</th>
                            <th scope="col">"Meaning"</th>
                        </tr>
                    </thead>
                    <tbody>{fields.into_iter().map(row).collect_view()}</tbody>
                </table>
            </div>
        }
    })
}

/// A text with what stands between backticks as code.
fn prose(text: &str) -> impl IntoView + use<> {
    let part = |(place, part): (usize, &str)| {
        let part = part.to_owned();
        if place.is_multiple_of(2) { part.into_any() } else { view! { <code>{part}</code> }.into_any() }
    };
    text.split('`').enumerate().map(part).collect_view()
}
