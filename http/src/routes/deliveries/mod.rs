//! What was told to whom, for staff.

pub mod resend;
