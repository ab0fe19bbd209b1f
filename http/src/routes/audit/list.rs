//! What was done, for staff.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use souk_domain::account::audit::{AuditRecord, Entry};
use souk_domain::time::Timestamp;
use utoipa::ToSchema;

use crate::extract::{Parameters, Whole};
use crate::problem::Problem;
use crate::routes::accounts::list::bad_cursor;
use crate::state::App;

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListAudit {
    #[param(value_type = Option<u32>, minimum = 1, maximum = 100)]
    limit: Option<Whole<1, 100>>,
    /// `next` of the page before.
    #[param(value_type = Option<String>)]
    cursor: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct AuditItem {
    seq: u64,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    #[schema(example = "signed_in")]
    action: String,
    /// Who did it; null for somebody unknown.
    #[schema(example = "acct_01h455vb4pex5vsknk084sn02q")]
    actor: Option<String>,
    /// What it was done to.
    #[schema(example = "acct_01h455vb4pex5vsknk084sn02q")]
    subject: Option<String>,
    #[schema(example = "192.0.2.0/24")]
    detail: String,
}

impl From<AuditRecord> for AuditItem {
    fn from(record: AuditRecord) -> Self {
        let AuditRecord { seq, entry: Entry { at, action, actor, subject, detail }, hash: _ } = record;
        Self { seq, at, action, actor, subject, detail }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct AuditList {
    items: Vec<AuditItem>,
    /// Asks for the next page; null on the last.
    next: Option<String>,
}

#[utoipa::path(
    get, path = "/api/v1/audit", operation_id = "listAudit", tag = "accounts",
    summary = "Shows what was done",
    security(("bearer" = [])),
    params(ListAudit),
    responses(
        (status = 200, body = AuditList, description = "The newest first"),
        (status = 401, description = "`credentials_missing`, `token_expired`, `token_invalid`"),
        (status = 403, description = "`forbidden`"),
        (status = 422, description = "`invalid_parameter`, `invalid_cursor`"),
    ),
)]
pub async fn list(
    State(app): State<App>,
    Parameters(ListAudit { limit, cursor }): Parameters<ListAudit>,
) -> Result<Json<AuditList>, Problem> {
    let before = cursor.map(|cursor| cursor.parse::<u64>()).transpose().map_err(|_| bad_cursor())?;
    let limit = limit.map_or(20, |limit| limit.0 as usize);
    let records = app.market.accounts.audit(before, limit).await?;
    let next = (records.len() == limit).then(|| records.last().map(|record| record.seq.to_string())).flatten();
    Ok(Json(AuditList { items: records.into_iter().map(Into::into).collect(), next }))
}
