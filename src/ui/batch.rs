//! Many texts: lines that are pasted or a file that is dropped, scored as a stream, shown as
//! pictures and a table, and taken away as a file.

mod choices;
mod controls;
mod download;
mod drawn;
mod input;
mod intake;
mod order;
mod progress;
mod reason;
mod results;
mod rows;
mod run;
mod source;
mod summary;
mod table;

use super::{browser, files, opening::Server};
use crate::error::AnalyzeError;
use input::Input;
use leptos::prelude::*;
use progress::Progress;
use results::Results;
use rows::Rows;
use std::sync::Arc;
use summary::Summary;
use table::Table;

/// How often the page shows what has come, in milliseconds: a picture for each text would hold up
/// the texts.
const NEWS: f64 = 200.0;

/// What is analyzed, and how far that is.
#[derive(Clone, Copy)]
pub struct Job {
    /// The table whose texts are scored.
    table: RwSignal<Arc<Table>>,
    /// Which of its columns holds them.
    column: StoredValue<usize>,
    /// The outcome of each row.
    results: StoredValue<Results>,
    /// Runs so far.
    runs: StoredValue<usize>,
    /// Changes whenever more of the results is to be shown.
    news: RwSignal<u32>,
    /// Whether the texts are on their way.
    is_running: RwSignal<bool>,
    /// Rows whose outcome was downloaded.
    saved: StoredValue<usize>,
    /// Why it ended early.
    failure: RwSignal<Option<AnalyzeError>>,
    /// What the page knows about its server.
    server: StoredValue<Server>,
}

impl Job {
    fn new(server: Server) -> Self {
        Self {
            table: RwSignal::default(),
            column: StoredValue::new(0),
            results: StoredValue::new(Results::default()),
            runs: StoredValue::new(0),
            news: RwSignal::new(0),
            is_running: RwSignal::new(false),
            saved: StoredValue::new(0),
            failure: RwSignal::new(None),
            server: StoredValue::new(server),
        }
    }

    /// Takes a table in, whose texts are now to be scored by `model`, or by the default. A run of the
    /// same goes on where it ended early or rows failed for a reason that may have passed.
    fn begin(self, table: Arc<Table>, column: usize, model: Option<String>) {
        if !self.goes_on(&table, column, &model) {
            let mixed_below = self.server.with_value(|server| server.mixed_below_of(model.as_deref()));
            let mut results = Results::new(table.rows.len(), mixed_below);
            results.model = model;
            self.results.set_value(results);
            self.runs.update_value(|runs| *runs += 1);
            self.column.set_value(column);
            self.table.set(table);
        }
        self.saved.set_value(0);
        self.failure.set(None);
        self.is_running.set(true);
        self.tell();
    }

    /// Forgets the rows of the last run that failed for a reason that may have passed, if these are its texts
    /// and its model; whether it is incomplete then.
    fn goes_on(self, table: &Arc<Table>, column: usize, model: &Option<String>) -> bool {
        let is_same = self.results.with_value(|results| results.model == *model)
            && self.column.get_value() == column
            && self.table.with_untracked(|last| last == table);
        if is_same {
            self.results.update_value(Results::forget_failures);
        }
        is_same && self.results.with_value(|results| results.done() < results.count())
    }

    async fn run(self) {
        let mut told = browser::now();
        let put = |row, scored| {
            self.results.update_value(|results| results.put(row, scored));
            if browser::now() - told > NEWS {
                told = browser::now();
                self.tell();
            }
        };
        let (table, column) = (self.table.get_untracked(), self.column.get_value());
        let rows = self.results.with_value(Results::missing);
        self.failure.set(run::run(table, column, rows, self.model(), put).await.err());
        self.is_running.set(false);
        self.tell();
    }

    fn tell(self) {
        self.news.update(|news| *news = news.wrapping_add(1));
    }

    fn model(self) -> Option<String> {
        self.results.with_value(|results| results.model.clone())
    }

    /// Rows that are done, and all of them.
    fn progress(self) -> (usize, usize) {
        self.news.track();
        self.results.with_value(|results| (results.done(), results.count()))
    }

    fn save(self, name: &str, media_type: &str, write: impl FnOnce(&Table, &Results) -> String) {
        let content =
            self.table.with_untracked(|table| self.results.with_value(|results| write(table, results)));
        self.saved.set_value(self.results.with_value(Results::done));
        files::download(name, media_type, &content);
    }

    /// Whether results go that are nowhere else if the page does.
    fn is_at_risk(self) -> bool {
        self.is_running.get_untracked() || self.results.with_value(Results::done) > self.saved.get_value()
    }
}

/// The page's part for many texts.
#[component]
pub fn Batch(
    /// What the page knows about its server.
    server: Server,
) -> impl IntoView {
    let job = Job::new(server);
    let has_results = Memo::new(move |_| job.progress().1 > 0);
    // Links to other pages stand right beside a run of minutes, and the browser asks back.
    Effect::new(move || {
        window_event_listener_untyped("beforeunload", move |event| {
            if job.is_at_risk() {
                event.prevent_default();
            }
        });
    });
    view! {
        <Input job />
        <section class="results" aria-label="Results" hidden=move || !has_results.get()>
            <Progress job />
            <Summary job />
            // Its heights are set by the script, which the page's policy allows and markup not.
            {move || has_results.get().then(|| view! { <Rows job /> })}
            <div class="results__downloads">
                <button
                    type="button"
                    class="button"
                    on:click=move |_| job.save("valence.csv", "text/csv;charset=utf-8", download::csv)
                >
                    "Download CSV"
                </button>
                <button
                    type="button"
                    class="button"
                    on:click=move |_| job.save("valence.jsonl", "application/x-ndjson", download::json_lines)
                >
                    "Download JSON Lines"
                </button>
            </div>
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sentiment::Score;

    // Ratings were shown, and downloaded, in percent where the page had been opened for another model.
    #[test]
    fn scores_of_a_run_are_shown_as_its_model_gives_them() {
        Owner::new().with(|| {
            let server = Server { mixed_below: 0.75, rating: vec!["rater".into()], ..Server::default() };
            let job = Job::new(server);
            for (model, shown) in [(None, "93.0 %"), (Some("rater"), "0.93"), (None, "93.0 %")] {
                let table = Table { rows: vec![vec!["good".into()]], ..Table::default() };
                job.begin(Arc::new(table), 0, model.map(str::to_owned));
                let score = Score { label: "quality".into(), score: 0.93 };
                job.results.update_value(|results| results.put(0, Ok(vec![score])));
                let outcome = job.results.with_value(|results| results.outcome(0)).expect("an outcome");
                assert_eq!(outcome.score().expect("a score").to_string(), shown, "{model:?}");
            }
        });
    }

    #[test]
    fn a_run_that_ended_early_goes_on_where_all_is_the_same() {
        Owner::new().with(|| {
            let table = |texts: [&str; 2]| {
                let rows = texts.map(|text| vec![text.to_owned()]).to_vec();
                Arc::new(Table { columns: vec!["text".into()], rows, ..Table::default() })
            };
            let lines = ["good", "bad"];
            let job = Job::new(Server::default());
            let done = |texts, column, model: Option<&str>| {
                job.begin(table(texts), column, model.map(str::to_owned));
                job.results.with_value(Results::done)
            };
            let put = |row| job.results.update_value(|results| results.put(row, Ok(Vec::new())));
            assert_eq!(done(lines, 0, None), 0);
            put(0);
            assert_eq!(done(lines, 0, None), 1);
            for (texts, column, model) in
                [(["good", "worse"], 0, None), (lines, 1, None), (lines, 0, Some("other"))]
            {
                assert_eq!(done(texts, column, model), 0, "{texts:?} {column} {model:?}");
                assert_eq!(done(lines, 0, None), 0);
                put(0);
            }
            put(1);
            // Complete, it begins anew.
            assert_eq!(done(lines, 0, None), 0);
            put(0);
            job.results.update_value(|results| results.put(1, Err(AnalyzeError::Busy)));
            assert_eq!(done(lines, 0, None), 1, "a server is not busy for ever");
            job.results.update_value(|results| results.put(1, Err(AnalyzeError::Empty)));
            assert_eq!(done(lines, 0, None), 0, "an empty text stays one");
        });
    }
}
