//! The edge: HTTP and sockets onto the actors.
//!
//! * [`router`][]: the whole URL table
//! * [`routes`][]: one folder for each noun, one file for each verb
//! * [`extract`][]: what a handler takes from a request
//! * [`problem`][]: what is said when something cannot be done
//! * [`middleware`][]: what happens around every request
//! * [`server`][]: connections
//! * [`realtime`][]: live sessions over sockets
//! * [`access`][]: who may do what; [`refresh_cookie`][]: the cookie of a session
//! * [`domains`][]: which domains a node serves
//! * [`storefront`][]: the pages of the customer store
//! * [`token`][]: access tokens
//! * [`openapi`][]: the description of all of it
//! * [`state`][] and [`config`][]: what handlers share, and what can be set

pub mod access;
pub mod config;
pub mod domains;
pub mod extract;
pub mod middleware;
pub mod openapi;
pub mod problem;
pub mod realtime;
pub mod refresh_cookie;
pub mod router;
pub mod routes;
pub mod server;
pub mod state;
pub mod storefront;
pub mod token;
