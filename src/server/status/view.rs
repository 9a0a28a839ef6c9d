//! The status page's markup.

use super::{ModelStatus, Status};
use crate::{
    engine::counts::Counted,
    server::{assets::Assets, document},
};
use leptos::{nonce::Nonce, prelude::*};
use metrics_process::collector::Metrics;
use std::time::Duration;

/// Replaces the numbers with the newest ones, while somebody looks. Nothing in them takes the focus,
/// which would be lost with each of them.
const RENEW: &str = include_str!("renew.js");

/// For readers without scripts. The page does not load itself again: whoever reads slowly, or with the
/// keyboard, would lose their place.
const RELOAD: &str = r#"<p><a href="/status">Reload</a></p>"#;

/// The document; its one script carries `nonce`.
pub fn document(assets: &Assets, status: Status, nonce: Nonce) -> impl IntoView + use<> {
    let head = vec![view! { <meta name="robots" content="noindex" /> }.into_any()];
    let body = vec![
        view! {
            <main class="prose status">
                <div id="figures" class="status__figures" tabindex="0" role="group" aria-label="Figures">
                    <Figures status />
                </div>
                <noscript inner_html=RELOAD></noscript>
                <p class="quiet">"With JavaScript, these numbers refresh themselves. Programs find them at "<a href="/metrics">"/metrics"</a>"."</p>
            </main>
        }
        .into_any(),
        view! { <script nonce=nonce>{RENEW}</script> }.into_any(),
    ];
    document::plain(assets, "Status", head, body)
}

/// Everything that changes.
#[component]
fn Figures(
    /// The server as it is now.
    status: Status,
) -> impl IntoView {
    let (tone, state) = match &status.models {
        models if models.iter().any(|model| model.is_restarting) => {
            ("negative", "A model has failed and is restarting")
        }
        models if models.iter().any(|model| !model.is_ready) => ("plain", "Starting"),
        models if models.iter().any(|model| model.waiting >= model.limit) => ("negative", "Busy"),
        _ => ("positive", "Ready"),
    };
    let minute = status.minute;
    let Counted { hits, misses, batches, rows, tokens, padding } = status.counted;
    let figures = [
        ("Up for", uptime(status.uptime)),
        ("Version", env!("CARGO_PKG_VERSION").into()),
        ("Requests under way", status.under_way.to_string()),
        ("Requests in the last minute", minute.all.to_string()),
        ("Refused as too busy in the last minute", minute.refused.to_string()),
        ("Failed in the last minute", minute.failed.to_string()),
    ];
    let since_the_start = [
        ("Answers from the cache", share(hits, hits + misses)),
        ("Rows in a batch, on average", mean(rows, batches)),
        ("Padding in batches", share(padding, tokens + padding)),
    ];
    view! {
        <h2 class="status__state" data-tone=tone>
            {state}
        </h2>
        <Facts facts=figures.to_vec() />
        {status.models.into_iter().map(|model| view! { <Model model /> }).collect_view()}
        <h2>"Since the start"</h2>
        <Facts facts=since_the_start.to_vec() />
        <h2>"Process"</h2>
        <Facts facts=process(&status.process) />
    }
}

/// A model, its queue and how long it takes.
#[component]
fn Model(
    /// The model as it is now.
    model: ModelStatus,
) -> impl IntoView {
    let ready = match (model.is_ready, model.is_restarting) {
        (true, _) => "yes",
        (false, true) => "restarting",
        (false, false) => "not yet",
    };
    let facts = [
        ("Runs as", model.runs_on),
        ("Ready", ready.into()),
        ("Waiting", format!("{} of at most {} rows", model.waiting, model.limit)),
    ];
    let rows = model.phases.iter().map(|&(phase, median, most)| {
        view! {
            <tr>
                <th scope="row">{phase}</th>
                <td>{milliseconds(median)}</td>
                <td>{milliseconds(most)}</td>
            </tr>
        }
    });
    let caption = match model.answers {
        0 => "No text has been analyzed yet.".into(),
        1 => "Milliseconds of its last answer".to_owned(),
        answers => format!("Milliseconds of its last {answers} answers"),
    };
    view! {
        <h2>{model.name}</h2>
        <Facts facts=facts.to_vec() />
        <table>
            <caption>{caption}</caption>
            {(model.answers > 0)
                .then(|| {
                    view! {
                        <thead>
                            <tr>
                                <th scope="col">"Phase"</th>
                                <th scope="col">"Median"</th>
                                <th scope="col">"99th percentile"</th>
                            </tr>
                        </thead>
                        <tbody>{rows.collect_view()}</tbody>
                    }
                })}
        </table>
    }
}

/// Names and values.
#[component]
fn Facts(
    /// A name and a value each.
    facts: Vec<(&'static str, String)>,
) -> impl IntoView {
    let facts = facts.into_iter().map(|(name, value)| {
        view! {
            <div>
                <dt>{name}</dt>
                <dd>{value}</dd>
            </div>
        }
    });
    view! { <dl class="status__facts">{facts.collect_view()}</dl> }
}

fn process(process: &Metrics) -> Vec<(&'static str, String)> {
    let memory = process.resident_memory_bytes.map(|bytes| format!("{:.0} MB", bytes as f64 / 1e6));
    let facts = [
        ("Memory", memory),
        ("Processor time", process.cpu_seconds_total.map(|seconds| format!("{seconds:.0} s"))),
        ("Threads", process.threads.map(|threads| threads.to_string())),
        ("Open files", process.open_fds.map(|files| files.to_string())),
    ];
    // Not every system says all of it.
    facts.into_iter().map(|(name, value)| (name, value.unwrap_or_else(|| "–".into()))).collect()
}

/// The two largest units of a time.
fn uptime(time: Duration) -> String {
    let minutes = time.as_secs() / 60;
    let (hours, days) = (minutes / 60, minutes / 1440);
    match (days, hours, minutes) {
        (0, 0, 0) => format!("{} s", time.as_secs()),
        (0, 0, _) => format!("{minutes} min {} s", time.as_secs() % 60),
        (0, _, _) => format!("{hours} h {} min", minutes % 60),
        _ => format!("{days} d {} h", hours % 24),
    }
}

fn milliseconds(time: Duration) -> String {
    format!("{:.2}", time.as_secs_f64() * 1000.0)
}

fn share(part: u64, whole: u64) -> String {
    if whole == 0 { "–".into() } else { format!("{:.1} %", part as f64 / whole as f64 * 100.0) }
}

fn mean(sum: u64, count: u64) -> String {
    if count == 0 { "–".into() } else { format!("{:.1}", sum as f64 / count as f64) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_has_two_units_at_most() {
        let of = |seconds| uptime(Duration::from_secs(seconds));
        assert_eq!([of(59), of(61), of(3_700), of(90_000)], ["59 s", "1 min 1 s", "1 h 1 min", "1 d 1 h"]);
    }

    #[test]
    fn nothing_has_no_share() {
        assert_eq!([share(0, 0), share(1, 8), mean(0, 0), mean(3, 2)], ["–", "12.5 %", "–", "1.5"]);
    }
}
