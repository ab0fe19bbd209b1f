use std::time::Duration;

use proptest::prelude::*;

use super::audit::{AuditRecord, Chain, Entry};
use super::email::normalised;
use super::password::{self, PasswordFault};
use super::role::{Permission, Permissions, Role, Standing};
use super::rotation::{GRACE, Shown, Verdict, judge};
use super::throttle::{Failures, Patience};
use crate::time::Timestamp;

const PATIENCE: Patience =
    Patience { free: 5, first_wait: Duration::from_secs(1), longest_wait: Duration::from_secs(300) };

#[test]
fn common_short_and_personal_passwords_are_refused() {
    let own = ["ada.lovelace@example.com", "Ada Lovelace", "Souk"];
    let fault = |password: &str| password::check(password, &own).err();
    assert_eq!(fault("2$kQ9!x"), Some(PasswordFault::TooShort));
    for common in
        ["password", "12345678", "qwertyuiop", "iloveyou1", "aaaaaaaa", "lovelace", "ada.lovelace@example.com"]
    {
        assert_eq!(fault(common), Some(PasswordFault::TooCommon), "{common}");
    }
    for good in ["correct horse battery staple", "tänzelnder Kranich", "8f3kZ0qpL2", "       quiet spaces       "] {
        assert_eq!(fault(good), None, "{good}");
    }
    let long: String = (1..=64_u32).map(|number| format!("{:04x}", number * 7_919 % 65_521)).collect();
    assert_eq!(fault(&long), None, "256 characters are taken");
    assert_eq!(fault(&format!("{long}x")), Some(PasswordFault::TooLong));
}

fn permissions() -> impl Strategy<Value = Permissions> {
    prop::collection::btree_set(prop::sample::select(Permission::ALL.to_vec()), 0..=5)
}

fn standing() -> impl Strategy<Value = Standing> {
    (prop::sample::select(Role::ALL.to_vec()), permissions())
        .prop_map(|(role, permissions)| Standing { role, permissions })
}

/// What somebody who has refresh tokens does with them.
#[derive(Debug, Clone, Copy)]
enum Move {
    /// Shows the token of this generation, counted back from the newest.
    Show(usize),
    Wait(u64),
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let one = prop_oneof![3 => Just(Move::Show(0)), 1 => (0..4_usize).prop_map(Move::Show),
                          2 => (0..15_000_u64).prop_map(Move::Wait)];
    prop::collection::vec(one, 1..60)
}

proptest! {
    #[test]
    fn a_normalised_address_stays_as_it_is(text in "[ -~]{0,40}|[a-zA-Z.+]{1,10}@[a-zA-Z]{1,8}\\.[A-Za-z]{2,4} ?") {
        if let Some(once) = normalised(&text) {
            prop_assert_eq!(normalised(&once), Some(once.clone()));
            prop_assert_eq!(normalised(&text.to_uppercase()), Some(once));
        }
    }

    #[test]
    fn no_password_makes_the_estimate_fail(password in ".{0,300}") {
        let length = password.chars().count();
        match password::check(&password, &["a@example.com"]) {
            Err(PasswordFault::TooShort) => prop_assert!(length < 8),
            Err(PasswordFault::TooLong) => prop_assert!(length > 256),
            Err(PasswordFault::TooCommon) | Ok(()) => prop_assert!((8..=256).contains(&length)),
        }
    }

    #[test]
    fn nobody_gives_what_they_do_not_have(by in standing(), old in standing(), new in standing()) {
        if by.may_change(&old, &new) {
            prop_assert!(new.allowed().is_subset(&by.allowed()));
            prop_assert!(old.allowed().is_subset(&by.allowed()), "nor takes from those above");
            prop_assert!(by.may(Permission::Accounts));
        }
        prop_assert!(by.role.is_staff() || by.allowed().is_empty());
    }

    /// The machine of a session's tokens: at most one of them can be exchanged, and once one that is long spent is
    /// shown the session is over for good.
    #[test]
    fn one_token_of_a_session_is_good_and_reuse_ends_it(moves in moves()) {
        let far = Timestamp::from_millis(i64::MAX);
        let (mut now, mut ended_at) = (Timestamp::from_millis(1), None);
        let mut rotated: Vec<Option<Timestamp>> = vec![None];
        for step in moves {
            match step {
                Move::Wait(millis) => now = now.plus(Duration::from_millis(millis)),
                Move::Show(back) => {
                    let index = rotated.len() - 1 - back.min(rotated.len() - 1);
                    let shown = Shown { rotated_at: rotated[index], ended_at, expires_at: far };
                    match judge(&shown, now) {
                        Verdict::Rotate => {
                            prop_assert_eq!(index, rotated.len() - 1, "only the newest is exchanged");
                            rotated[index] = Some(now);
                            rotated.push(None);
                        }
                        Verdict::AccessOnly => {
                            prop_assert!(rotated[index].is_some_and(|at| now.since(at) <= GRACE));
                        }
                        Verdict::Reused => {
                            prop_assert!(rotated[index].is_some_and(|at| now.since(at) > GRACE));
                            ended_at = Some(now);
                        }
                        Verdict::Over => prop_assert!(ended_at.is_some()),
                    }
                }
            }
            prop_assert_eq!(rotated.iter().filter(|at| at.is_none()).count(), 1);
        }
    }

    #[test]
    fn a_session_ends_by_itself(rotated in prop::option::of(0..100_i64), expires in 0..100_i64, now in 0..200_i64) {
        let at = Timestamp::from_millis;
        let shown = Shown { rotated_at: rotated.map(at), ended_at: None, expires_at: at(expires) };
        prop_assert_eq!(judge(&shown, at(now)) == Verdict::Over, now >= expires);
    }

    #[test]
    fn no_wait_is_longer_than_the_longest(gaps in prop::collection::vec(0..1_000_000_u64, 0..80)) {
        let (mut failures, mut now) = (Failures::default(), Timestamp::from_millis(1_700_000_000_000));
        for gap in gaps {
            now = now.plus(Duration::from_millis(gap));
            failures = PATIENCE.failed(failures, now);
            let wait = PATIENCE.wait(failures, now);
            prop_assert!(wait <= PATIENCE.longest_wait);
            prop_assert_eq!(PATIENCE.wait(failures, now.plus(wait)), Duration::ZERO, "and it ends");
        }
    }

    #[test]
    fn a_chain_shows_what_was_changed(texts in prop::collection::vec("[a-c]{0,3}", 2..20), at in 0..100_usize) {
        let entry = |text: &String| Entry { at: Timestamp::from_millis(7), action: "acted".into(), actor: None,
                                            subject: Some(text.clone()), detail: String::new() };
        let mut chain = Chain::default();
        let records: Vec<AuditRecord> = texts.iter().map(|text| chain.append(entry(text))).collect();
        let faults = |records: &[AuditRecord]| {
            let mut chain = Chain::default();
            records.iter().filter(|record| chain.check(record).is_err()).count()
        };
        prop_assert_eq!(faults(&records), 0);
        let at = at % records.len();
        let mut changed = records.clone();
        changed[at].entry.detail = "x".to_owned();
        prop_assert_eq!(faults(&changed), 1);
        let mut moved = records.clone();
        (moved[at].entry.actor, moved[at].entry.subject) = (moved[at].entry.subject.take(), None);
        prop_assert_eq!(faults(&moved), 1, "fields do not run into each other");
        let mut short = records;
        short.remove(at);
        prop_assert_eq!(faults(&short), usize::from(at < short.len()), "the newest is missed by its head alone");
    }
}

#[test]
fn waits_begin_after_the_free_tries_double_and_are_forgiven() {
    let mut now = Timestamp::from_millis(1_700_000_000_000);
    let mut failures = Failures::default();
    let mut waits = Vec::new();
    for _ in 0..16 {
        failures = PATIENCE.failed(failures, now);
        let wait = PATIENCE.wait(failures, now);
        waits.push(wait.as_secs());
        now = now.plus(wait);
    }
    assert_eq!(waits, [0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
    let later = now.plus(Duration::from_secs(300 * 60));
    assert_eq!(PATIENCE.failed(failures, later).count, 1);
}
