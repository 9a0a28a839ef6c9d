//! The page of the doors for programs: each operation with what it takes and gives.

use super::{Head, Masthead};
use crate::server::{
    assets::Assets,
    docs::{Body, Field, Operation, Reference},
};
use leptos::prelude::*;

/// The document; it needs no script.
pub fn reference(assets: &Assets, reference: Reference) -> impl IntoView + use<> {
    let group = |(name, description, operations): (String, String, Vec<Operation>)| {
        view! {
            <section>
                <h2>{name}</h2>
                <p>{description}</p>
                {operations.into_iter().map(|operation| view! { <Door operation /> }).collect_view()}
            </section>
        }
    };
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <Head css=assets.css.clone() />
                <title>"For programs · Valence"</title>
            </head>
            <body>
                <Masthead />
                <main class="prose reference">
                    <h1>"For programs"</h1>
                    <p>
                        "Everything here is also described as OpenAPI 3.1, at " <a href="/openapi.json">"/openapi.json"</a>
                        ". Calls to copy are " <a href="/code">"on a page of their own"</a> "."
                    </p>
                    {reference.groups().into_iter().map(group).collect_view()}
                </main>
            </body>
        </html>
    }
}

/// An operation.
#[component]
fn Door(
    /// The operation.
    operation: Operation,
) -> impl IntoView {
    let Operation { name, summary, description, parameters, request, responses } = operation;
    let response = |(status, body): (String, Option<Body>)| {
        view! {
            <details class="panel">
                <summary>{format!("Answer {status}")}</summary>
                {body.map(|body| view! { <Content body /> })}
            </details>
        }
    };
    view! {
        <article class="door">
            <h3>
                <code>{name}</code>
            </h3>
            <p>{summary}</p>
            {(!description.is_empty()).then(|| view! { <p>{description}</p> })}
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
            {responses.into_iter().map(response).collect_view()}
        </article>
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
                <td>{meaning}</td>
            </tr>
        }
    };
    (!fields.is_empty()).then(|| {
        view! {
            <div class="reference__fields" tabindex="0" role="region" aria-label="Fields">
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
