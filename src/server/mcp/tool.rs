//! The tool `analyze_sentiment`: texts in, labels and scores out.
//!
//! What the caller can fix is the tool's error, which a language model reads; only a tool that
//! does not exist is the protocol's.

use crate::{
    models::Models,
    sentiment::Analysis,
    server::{
        api::{
            error::ApiError,
            input::MAX_TEXTS,
            json,
            options::{Options, analyze_all},
            unread,
        },
        request::CurrentRequest,
        room::answer::Making,
    },
};
use http::request::Parts;
use rmcp::{
    ErrorData, RoleServer, ServerHandler,
    handler::server::common::{schema_for_output, schema_for_type},
    model::{
        CallToolRequestParams, CallToolResponse, CallToolResult, ContentBlock, Implementation,
        ListToolsResult, PaginatedRequestParams, ServerCapabilities, ServerConfig, Tool, ToolAnnotations,
    },
    schemars::{self, JsonSchema},
    service::RequestContext,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The tool's name.
const NAME: &str = "analyze_sentiment";

/// What the tool takes: `text` or `texts`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Arguments {
    /// The text, where it is only one.
    text: Option<String>,
    /// The texts, where they are several.
    #[schemars(length(min = 1, max = MAX_TEXTS))]
    texts: Option<Vec<String>>,
    /// Name of the model; the server's default where it is absent.
    model: Option<String>,
}

/// The answers, in the order of the texts.
#[derive(Debug, Serialize, JsonSchema)]
struct Answers {
    /// One for each text, in their order.
    results: Vec<Answer>,
}

/// What the model says of one text.
#[derive(Debug, Serialize, JsonSchema)]
struct Answer {
    /// The label with the highest score.
    label: String,
    /// Every label's score, the highest first.
    scores: Vec<LabelScore>,
    /// Tokens of the text.
    tokens: u32,
    /// Pieces in which a long text was read; its scores are then their mean.
    windows: u32,
    /// Name of the model.
    model: String,
}

/// One label's score.
#[derive(Debug, Serialize, JsonSchema)]
struct LabelScore {
    /// The label.
    label: String,
    /// A probability from 0 to 1.
    score: f32,
}

impl From<Analysis> for Answer {
    fn from(Analysis { scores, tokens, windows, model, .. }: Analysis) -> Self {
        let label = scores.first().map_or_else(String::new, |best| best.label.clone());
        let scores = scores.into_iter().map(|one| LabelScore { label: one.label, score: one.score });
        Self { label, scores: scores.collect(), tokens, windows, model }
    }
}

/// The tools over the loaded models.
#[derive(Clone)]
pub struct Tools {
    models: Models,
    request: CurrentRequest,
}

impl Tools {
    /// Tools over these models, for this request.
    #[must_use]
    pub fn new(models: Models, request: CurrentRequest) -> Self {
        Self { models, request }
    }

    async fn analyze(&self, arguments: Value, making: &Making) -> Result<Answers, ApiError> {
        let arguments: Arguments = unread::read(arguments)
            .map_err(|error| ApiError::Invalid(format!("{error}. Send \"text\" or \"texts\".")))?;
        let engine = self.models.get(arguments.model.as_deref())?;
        let options = Options::new(false, None, None);
        let results = match (arguments.text, arguments.texts) {
            (Some(text), None) => vec![options.analyze(&engine, text).await?],
            (None, Some(texts)) if (1..=MAX_TEXTS).contains(&texts.len()) => {
                analyze_all(&engine, making, texts.into_iter().map(|text| (options, text))).await?
            }
            (None, Some(texts)) => {
                let hint =
                    if texts.is_empty() { "Send at least one" } else { "Split them into several calls" };
                return Err(ApiError::Invalid(format!(
                    "There are {} texts; a call takes 1 to {MAX_TEXTS}. {hint}.",
                    texts.len()
                )));
            }
            _ => return Err(ApiError::Invalid("Send either \"text\" or \"texts\".".into())),
        };
        Ok(Answers { results: results.into_iter().map(Answer::from).collect() })
    }
}

impl ServerHandler for Tools {
    fn get_info(&self) -> ServerConfig {
        ServerConfig::new(ServerCapabilities::builder().enable_tools().build())
            .with_server_info(Implementation::new("valence", env!("CARGO_PKG_VERSION")).with_title("Valence"))
    }

    async fn list_tools(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        Ok(ListToolsResult::with_all_items(vec![tool(self.models.first().max_tokens())]))
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        if request.name != NAME {
            // What it means, `refusal` says.
            return Err(ErrorData::invalid_params(NAME, None));
        }
        let arguments = Value::Object(request.arguments.unwrap_or_default());
        let making = context.extensions.get::<Parts>().map(Making::of).unwrap_or_default();
        let answer = self.request.clone().scope(self.analyze(arguments, &making));
        let result = match context.ct.run_until_cancelled(answer).await {
            Some(Ok(answers)) => CallToolResult::structured(structured(&answers)?),
            Some(Err(error)) => CallToolResult::error(vec![ContentBlock::text(error.to_string())]),
            None => return Err(ErrorData::internal_error("The client has gone.", None)),
        };
        Ok(result.into())
    }
}

/// The tool as it is listed, where a text may have so many tokens.
fn tool(max_tokens: usize) -> Tool {
    let description = format!(
        "Tells the sentiment of one or several texts: for each the best label and every label's score, from 0 to 1. \
         Send the texts unchanged and whole, each by itself: it is read as one opinion, and may have {max_tokens} \
         tokens. Use it where a measured, repeatable score is wanted rather than an impression."
    );
    let hints = ToolAnnotations::new().read_only(true).idempotent(true).open_world(false);
    Tool::new(NAME, description, schema_for_type::<Arguments>())
        .with_title("Analyze sentiment")
        .with_raw_output_schema(schema_for_output::<Answers>())
        .with_annotations(hints)
}

/// Answers as JSON.
fn structured(answers: &Answers) -> Result<Value, ErrorData> {
    json::value(answers).map_err(|error| ErrorData::internal_error(error.to_string(), None))
}
