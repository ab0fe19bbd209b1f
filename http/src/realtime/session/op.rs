//! What a client may ask of its session, whatever codec it speaks.

use serde_json::{Map, Value};
use souk_actors::topics::topic::Topic;
use souk_domain::aggregate::Seq;

#[derive(Debug, Clone, PartialEq)]
pub enum Op {
    Authenticate {
        token: String,
    },
    /// Follows a topic. Without `since` there is no history. A topic that is followed already begins
    /// again; if that is refused, it is no longer followed.
    Subscribe {
        topic: Topic,
        since: Option<Seq>,
        /// A guest's key to its order.
        key: Option<String>,
    },
    Publish {
        topic: Topic,
        client_id: String,
        text: String,
    },
    /// Told to the other followers and forgotten.
    Signal {
        topic: Topic,
        data: Map<String, Value>,
    },
    Unsubscribe {
        topic: Topic,
    },
    Ping,
}
