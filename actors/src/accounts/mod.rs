//! Accounts are plain records, not entities: each call reads, decides by the rules of the domain and writes its
//! changes as one.
//!
//! * [`settings`]: what can be chosen
//! * [`service`]: what all calls share; [`error`]: why one is refused
//! * [`first_admin`]: who is there when a shop starts for the first time
//! * [`register`], [`sign_in`], [`refresh`], [`sessions`]: from a password to a session and its end
//! * [`second_factor`]: codes of an authenticator
//! * [`password`], [`links`]: another password, and what a link in a mail proves; [`notes`]: those mails
//! * [`profile`]: name, addresses, cart; [`staff`]: what staff see and change; [`leaving`]: the end
//! * [`attempts`]: who tries too often; [`passwords`]: how they are kept
//! * [`secrets`]: what nobody can guess
//! * [`guard`]: what was revoked, in memory
//! * [`api_keys`]: keys of other programs; [`signing_keys`]: the keys of tokens
//! * [`guests`]: identities without an account; [`import`]: accounts of another shop
//! * [`view`]: what the world sees

pub mod api_keys;
pub mod attempts;
pub mod error;
pub mod first_admin;
pub mod guard;
pub mod guests;
pub mod import;
pub mod leaving;
pub mod links;
pub mod notes;
pub mod password;
pub mod passwords;
pub mod profile;
pub mod refresh;
pub mod register;
pub mod second_factor;
pub mod secrets;
pub mod service;
pub mod sessions;
pub mod settings;
pub mod sign_in;
pub mod signing_keys;
pub mod staff;
pub mod view;

pub use error::AccountError;
pub use service::Accounts;
