//! Several models side by side: names, loading and unloading under load.

use crate::support::{
    Gated, copy_of_tiny, engine_around, options,
    router::{body, get, read},
    state_of, tiny_engine, tiny_folder,
};
use std::{
    fs,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
};
use tokio::task::JoinSet;
use valence::{
    engine::{Engine, cache::CacheLimits, load::EngineOptions, queue::QueueLimits, reading::Wanted},
    models::{Models, ModelsError, UnknownModel},
    sentiment::Analysis,
    server::{about::About, router, state::AppState},
    text::Text,
};

async fn ask(engine: &Engine, text: &str) -> Analysis {
    engine.analyze(Text::new(text).unwrap(), Wanted::default()).await.unwrap()
}

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

#[tokio::test]
async fn a_request_names_a_model_or_gets_the_first() {
    let models = Models::new(tiny_engine());
    let folder = other("GLAD");
    models.load(options(folder.clone())).await.unwrap();
    assert_eq!(models.first().model(), "tiny");
    assert_eq!(models.get(None).unwrap().model(), "tiny");
    let labels = models.get(Some(&name(&folder))).unwrap().labels().to_vec();
    assert_eq!(labels, ["NEGATIVE", "GLAD"]);

    let unknown = models.get(Some("none")).map(|engine| engine.model().to_owned()).unwrap_err();
    let loaded = vec!["tiny".to_owned(), name(&folder)];
    assert_eq!(unknown, UnknownModel { name: "none".into(), loaded });
    assert!(unknown.to_string().contains(&format!("tiny, {}", name(&folder))));
}

#[tokio::test]
async fn info_lists_the_models_in_their_order() {
    let models = Models::new(tiny_engine());
    let folder = other("GLAD");
    models.load(options(folder.clone())).await.unwrap();
    let info = read(get(&router(state_of(models)), "/info").await).await;
    let names: Vec<_> = info["models"].as_array().unwrap().iter().map(|model| &model["name"]).collect();
    assert_eq!(names, ["tiny", &name(&folder)]);
    assert_eq!(info["models"][0]["ready"], false, "nobody has warmed it up");
    assert_eq!(info["models"][1]["ready"], true, "it was loaded after its first answer");
}

// Its verdict stood below the name of the default, and its card was not found.
#[tokio::test]
async fn a_model_named_without_its_revision_is_the_one_that_is_shown() {
    let models = Models::new(tiny_engine());
    let folder = other("GLAD@v1");
    fs::write(folder.join("README.md"), "The card of the glad one.").unwrap();
    models.load(options(folder.clone())).await.unwrap();
    let abouts = models.all().iter().map(|engine| About::read(engine, Some(&folder))).collect();
    let page = router(AppState { abouts, ..state_of(models) });
    let whole = name(&folder);
    let repo = whole.strip_suffix("@v1").unwrap();

    let html = body(get(&page, &format!("/?text=good&model={repo}")).await).await;
    assert!(html.contains(&format!("<option value=\"{whole}\" selected")), "{html}");
    assert!(html.contains(&format!("?tab=many&amp;model={repo}%40v1\"")), "{html}");
    let card = body(get(&page, &format!("/model?model={repo}")).await).await;
    assert!(card.contains("The card of the glad one."), "{card}");
    let unknown = body(get(&page, "/?text=good&model=none").await).await;
    assert!(!unknown.contains(" selected") && unknown.contains("not loaded"), "{unknown}");
}

#[tokio::test]
async fn names_are_unique_and_the_last_model_stays() {
    let models = Models::new(tiny_engine());
    assert!(matches!(models.load(options(tiny_folder())).await, Err(ModelsError::Taken { .. })));
    assert!(matches!(models.unload("none"), Err(ModelsError::Unknown(_))));
    assert!(matches!(models.unload("tiny"), Err(ModelsError::Last { .. })));
    assert!(matches!(models.load(options("/nowhere".into())).await, Err(ModelsError::Load(_))));
    assert_eq!(models.all().len(), 1);

    let folder = other("GLAD");
    models.load(options(folder.clone())).await.unwrap();
    models.unload("tiny").unwrap();
    assert_eq!(models.first().model(), name(&folder), "the next one is the default");
}

#[tokio::test]
async fn an_unloaded_model_still_answers_those_who_have_it() {
    let (open, gate) = mpsc::channel();
    let limits = QueueLimits { waiting: 8, rows: 1, tokens: 1024 };
    let models = Models::new(engine_around(Gated(gate), limits, CacheLimits::OFF));
    models.load(options(other("GLAD"))).await.unwrap();
    let mut asked = JoinSet::new();
    for text in ["one", "two", "three"] {
        let engine = models.get(Some("tiny")).unwrap();
        asked.spawn(async move { ask(&engine, text).await });
    }
    tokio::task::yield_now().await;
    models.unload("tiny").unwrap();
    assert!(models.get(Some("tiny")).is_err());
    (0..3).for_each(|_| open.send(()).unwrap());
    let answers = asked.join_all().await;
    assert!(answers.iter().all(|answer| answer.model == "tiny" && answer.scores[0].label == "POSITIVE"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn loading_and_unloading_under_load_disturbs_nobody() {
    let models = Models::new(Engine::load(&EngineOptions { queue: 1000, ..options(tiny_folder()) }).unwrap());
    let expected = ask(&models.first(), "a good day").await.scores;
    let (glad, fond) = (other("GLAD"), other("FOND"));
    let done = Arc::new(AtomicBool::new(false));
    let mut clients = JoinSet::new();
    for client in 0..8 {
        let (models, done, expected) = (models.clone(), Arc::clone(&done), expected.clone());
        let names = [name(&glad), name(&fond)];
        clients.spawn(async move {
            let (mut default, mut others) = (0, 0);
            while !done.load(Ordering::Relaxed) || others == 0 {
                let answer = ask(&models.get(None).unwrap(), "a good day").await;
                assert_eq!(answer.scores, expected);
                default += 1;
                // The others come and go; whoever gets one is answered by it.
                if let Ok(engine) = models.get(Some(&names[client % 2])) {
                    assert_eq!(ask(&engine, "a good day").await.model, names[client % 2]);
                    others += 1;
                }
            }
            (default, others)
        });
    }
    for _ in 0..10 {
        for folder in [&glad, &fond] {
            models.load(EngineOptions { queue: 1000, ..options(folder.clone()) }).await.unwrap();
        }
        for folder in [&glad, &fond] {
            models.unload(&name(folder)).unwrap();
        }
    }
    for folder in [&glad, &fond] {
        models.load(EngineOptions { queue: 1000, ..options(folder.clone()) }).await.unwrap();
    }
    done.store(true, Ordering::Relaxed);
    for (default, others) in clients.join_all().await {
        assert!(default > 0 && others > 0);
    }
}
