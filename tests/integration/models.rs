//! Several models side by side: their names and their order.

use crate::{
    parity,
    support::{
        copy_of_tiny, options,
        router::{body, get, post_json, read},
        state_of, tiny_engine,
    },
};
use serde_json::json;
use std::{fs, path::PathBuf};
use valence::{
    engine::Engine,
    loading,
    models::{Models, TakenName, UnknownModel},
    server::{about::About, router, state::AppState},
};

/// The tiny model in a folder of another name, with labels of its own.
fn other(name: &str) -> PathBuf {
    let copy = copy_of_tiny();
    let folder = copy.with_file_name(format!("{}-{name}", copy.file_name().unwrap().to_str().unwrap()));
    fs::rename(copy, &folder).unwrap();
    let config = fs::read_to_string(folder.join("config.json")).unwrap();
    fs::write(folder.join("config.json"), config.replace("POSITIVE", name)).unwrap();
    folder
}

fn name(folder: &std::path::Path) -> String {
    folder.file_name().unwrap().to_str().unwrap().to_owned()
}

#[test]
fn a_request_names_a_model_or_gets_the_first() {
    let mut models = Models::new(tiny_engine());
    let folder = other("GLAD");
    models.add(loading::load(&options(folder.clone())).unwrap()).unwrap();
    assert_eq!(models.first().model(), "tiny");
    assert_eq!(models.get(None).unwrap().model(), "tiny");
    let labels = models.get(Some(&name(&folder))).unwrap().labels().to_vec();
    assert_eq!(labels, ["NEGATIVE", "GLAD"]);

    let unknown = models.get(Some("none")).map(|engine| engine.model().to_owned()).unwrap_err();
    let loaded = vec!["tiny".to_owned(), name(&folder)];
    assert_eq!(unknown, UnknownModel { loaded });
    assert!(unknown.to_string().contains(&format!("tiny, {}", name(&folder))));
}

// The first one answered in its place.
#[tokio::test]
async fn a_body_names_a_model_where_the_address_names_none() {
    let mut models = Models::new(tiny_engine());
    let folder = other("GLAD");
    models.add(loading::load(&options(folder.clone())).unwrap()).unwrap();
    let api = router(state_of(models));
    let glad = name(&folder);
    let glad = glad.as_str();
    for (path, model, is_glad) in [
        ("/", glad, true),
        ("/predict", glad, true),
        ("/invocations", glad, true),
        ("/models/tiny", glad, false),
        // Clients of Hugging Face send the model's name on the Hub.
        ("/", "owner/name", false),
    ] {
        let asked = json!({"inputs": "a good film", "model": model});
        let answer = body(post_json(&api, path, asked).await).await;
        assert!(answer.contains("NEGATIVE"), "{path} {answer}");
        assert_eq!(answer.contains("GLAD"), is_glad, "{path} {answer}");
    }
}

// A rating was shown in percent where another model had been chosen when the page was opened.
#[tokio::test]
async fn the_page_knows_of_each_model_whether_it_rates_texts() {
    let rater = loading::load(&options(parity::folder("regression", "bytelevel"))).unwrap();
    let name = rater.model().to_owned();
    for (first, second, rating) in [
        (tiny_engine(), rater.clone(), json!([name])),
        (rater.clone(), tiny_engine(), json!(["", name])),
        (tiny_engine(), loading::load(&options(other("GLAD"))).unwrap(), json!([])),
    ] {
        let mut models = Models::new(first);
        models.add(second).unwrap();
        let html = body(get(&router(state_of(models)), "/").await).await.replace('\\', "");
        assert!(html.contains(&format!(r#""rating":{rating}"#)), "{rating} {html}");
    }
}

#[tokio::test]
async fn info_lists_the_models_in_their_order() {
    let mut models = Models::new(tiny_engine());
    let folder = other("GLAD");
    let engine = loading::load(&options(folder.clone())).unwrap();
    engine.warm_up().await.unwrap();
    models.add(engine).unwrap();
    let info = read(get(&router(state_of(models)), "/info").await).await;
    let names: Vec<_> = info["models"].as_array().unwrap().iter().map(|model| &model["name"]).collect();
    assert_eq!(names, ["tiny", &name(&folder)]);
    assert_eq!(info["models"][0]["ready"], false, "nobody has warmed it up");
    assert_eq!(info["models"][1]["ready"], true, "it has had its first text");
}

// Its verdict stood below the name of the default, and its card was not found.
#[tokio::test]
async fn a_model_named_without_its_revision_is_the_one_that_is_shown() {
    let mut models = Models::new(tiny_engine());
    let folder = other("GLAD@v1");
    fs::write(folder.join("README.md"), "The card of the glad one.").unwrap();
    models.add(loading::load(&options(folder.clone())).unwrap()).unwrap();
    let abouts = models.all().iter().map(|engine| About::read(engine, Some(&folder))).collect();
    let page = router(AppState { abouts, ..state_of(models) });
    let whole = name(&folder);
    let repo = whole.strip_suffix("@v1").unwrap();

    let html = body(get(&page, &format!("/?text=good&model={repo}")).await).await;
    assert!(html.contains(&format!("<option value=\"{whole}\" selected")), "{html}");
    assert!(html.contains(&format!("?model={repo}%40v1&amp;tab=many\"")), "{html}");
    let card = body(get(&page, &format!("/model?model={repo}")).await).await;
    assert!(card.contains("The card of the glad one."), "{card}");
    let unknown = body(get(&page, "/?text=good&model=none").await).await;
    assert!(!unknown.contains(" selected") && unknown.contains("not loaded"), "{unknown}");
}

// Only the card, which was closed, said that a text of another language gets a verdict that means little.
#[tokio::test]
async fn what_language_a_model_reads_is_said_of_the_one_that_answers() {
    let mut models = Models::new(tiny_engine());
    let folder = other("GLAD");
    fs::write(folder.join("README.md"), "---\nlanguage: de\n---\n").unwrap();
    models.add(loading::load(&options(folder.clone())).unwrap()).unwrap();
    let card = |engine: &Engine| (engine.model() != "tiny").then_some(folder.as_path());
    let abouts = models.all().iter().map(|engine| About::read(engine, card(engine))).collect();
    let page = router(AppState { abouts, ..state_of(models) });
    let german = format!("?model={}", name(&folder));
    for (query, is_hidden) in [("", true), ("?tab=many", true), ("?model=tiny", true), (&*german, false)] {
        let html = body(get(&page, &format!("/{query}")).await).await.replace("<!>", "");
        let (before, _) = html.split_once(">This model reads German.</p>").expect("a line");
        let (_, tag) = before.rsplit_once("<p ").unwrap();
        assert_eq!(tag.contains("hidden"), is_hidden, "{query}: {tag}");
    }
    let without = router(state_of(Models::new(tiny_engine())));
    assert!(!body(get(&without, "/").await).await.contains("This model reads"));
}

// Without a script, each example was asked of the model of an old link, and so refused like that link.
#[tokio::test]
async fn a_model_that_is_not_loaded_is_asked_no_more() {
    let page = router(state_of(Models::new(tiny_engine())));
    for address in ["/?text=good&model=old", "/?model=old", "/?tab=many&model=old"] {
        let html = body(get(&page, address).await).await;
        assert!(!html.contains(r#"name="model""#), "{html}");
        assert!(!html.contains("?model=old"), "{html}");
        assert_eq!(html.contains("not loaded"), address.contains("text="), "{html}");
    }
    let html = body(get(&page, "/?text=good&model=tiny").await).await;
    assert!(html.contains(r#"<input type="hidden" name="model" value="tiny">"#), "{html}");
}

#[tokio::test]
async fn the_code_page_names_only_models_that_are_loaded() {
    let page = router(state_of(Models::new(tiny_engine())));
    assert!(body(get(&page, "/code?model=tiny").await).await.contains("/models/tiny"));
    for model in ["none", "%22)%3B%20import%20os%20%23"] {
        let html = body(get(&page, &format!("/code?text=good&model={model}")).await).await;
        assert!(!html.contains("/models/") && !html.contains("import os"), "{html}");
    }
}

#[test]
fn names_are_unique() {
    let mut models = Models::new(tiny_engine());
    assert_eq!(models.add(tiny_engine()), Err(TakenName { name: "tiny".into() }));
    assert_eq!(models.all().len(), 1);
}
