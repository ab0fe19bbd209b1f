//! Codes of an authenticator (RFC 6238: six digits, 30 seconds, SHA-1, as every app knows them) and recovery codes.
//! Each is good once.

use souk_domain::id::AccountId;
use souk_domain::time::Timestamp;
use souk_persistence::accounts::{AccountRecord, Change, NoteKind, SecondFactor, Secret};
use subtle::ConstantTimeEq;
use totp_rs::{Algorithm, Builder, Secret as Shared, Totp};

use super::error::AccountError;
use super::secrets;
use super::service::Accounts;
use crate::runtime::error::Unavailable;

const STEP_SECONDS: u64 = 30;
const RECOVERY_CODES: usize = 10;

/// What an app needs to make codes.
pub struct Enrolment {
    /// In base32.
    pub secret: String,
    /// For a QR code.
    pub otpauth_uri: String,
}

impl Accounts {
    /// Begins with a new secret, which counts once a code of it was shown.
    ///
    /// # Errors
    /// `SecondFactorExists`.
    pub async fn enrol_second_factor(&self, id: AccountId) -> Result<Enrolment, AccountError> {
        let random = secrets::secret(&*self.chance);
        let secret = Shared::from(random[..20].to_vec()).to_base32();
        let changed = self.change(id, |account, _| {
            if account.second_factor.as_ref().is_some_and(|factor| factor.confirmed_at.is_some()) {
                return Err(AccountError::SecondFactorExists);
            }
            let secret = Secret(secret.clone());
            account.second_factor = Some(SecondFactor { secret, confirmed_at: None, spent_step: 0, recovery: vec![] });
            Ok(vec![])
        });
        let account = changed.await?;
        let url = totp(&secret, &account.email, &self.settings.shop).and_then(|totp| totp.to_url().ok());
        let otpauth_uri = url.ok_or(AccountError::Unavailable(Unavailable::Crashed))?;
        Ok(Enrolment { secret, otpauth_uri })
    }

    /// A first code shows that the app has the secret. Returns the recovery codes, which are never shown again.
    ///
    /// # Errors
    /// `CodeWrong`, also where nothing was begun; `SecondFactorExists`.
    pub async fn confirm_second_factor(&self, id: AccountId, code: &str) -> Result<Vec<String>, AccountError> {
        let codes: Vec<String> = (0..RECOVERY_CODES).map(|_| recovery_code(secrets::secret(&*self.chance))).collect();
        self.change(id, |account, now| {
            let email = account.email.clone();
            let factor = account.second_factor.as_mut().ok_or(AccountError::CodeWrong)?;
            if factor.confirmed_at.is_some() {
                return Err(AccountError::SecondFactorExists);
            }
            factor.spent_step = step_of(factor, code, now).ok_or(AccountError::CodeWrong)?;
            factor.confirmed_at = Some(now);
            factor.recovery = codes.iter().map(|code| secrets::hex_digest(&plain(code))).collect();
            // What was issued before may be more, or less, than what counts with it.
            account.epoch += 1;
            Ok(vec![
                Change::Revoke { id, epoch: account.epoch, at: now },
                self.note(NoteKind::SecondFactorChanged, id, &email),
                self.own_entry("second_factor_added", id, ""),
            ])
        })
        .await?;
        Ok(codes)
    }

    /// # Errors
    /// `WrongPassword`; `CodeWrong` where there is none.
    pub async fn remove_second_factor(&self, id: AccountId, password: String) -> Result<(), AccountError> {
        self.check_password(id, password).await?;
        self.change(id, |account, now| {
            account.second_factor.take().ok_or(AccountError::CodeWrong)?;
            account.epoch += 1;
            Ok(vec![
                Change::Revoke { id, epoch: account.epoch, at: now },
                self.note(NoteKind::SecondFactorChanged, id, &account.email),
                self.own_entry("second_factor_removed", id, ""),
            ])
        })
        .await
        .map(|_| ())
    }

    /// Spends a code where one is asked for: the account is changed, and has to be written with the session.
    pub(super) fn second_factor(&self, account: &mut AccountRecord, code: Option<&str>) -> Result<(), AccountError> {
        let Some(factor) = account.second_factor.as_mut().filter(|factor| factor.confirmed_at.is_some()) else {
            return Ok(());
        };
        let code = code.ok_or(AccountError::SecondFactorRequired { wrong: false })?;
        if let Some(step) = step_of(factor, code, self.clock.now()) {
            factor.spent_step = step;
            return Ok(());
        }
        let shown = secrets::hex_digest(&plain(code));
        let place = factor.recovery.iter().position(|kept| kept.as_bytes().ct_eq(shown.as_bytes()).into());
        let place = place.ok_or(AccountError::SecondFactorRequired { wrong: true })?;
        factor.recovery.remove(place);
        Ok(())
    }
}

fn totp(secret: &str, account: &str, shop: &str) -> Option<Totp> {
    let name = |text: &str| text.replace(':', " ");
    let builder = Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_digits(6)
        .with_skew(1)
        .with_step_duration(STEP_SECONDS)
        .with_account_name(name(account))
        .with_issuer(Some(name(shop)))
        .with_secret(Shared::try_from_base32(secret).ok()?);
    builder.build().ok()
}

/// The step of a code that is good now and not spent: of this half minute, the one before or the one after.
fn step_of(factor: &SecondFactor, code: &str, now: Timestamp) -> Option<u64> {
    let seconds = u64::try_from(now.as_millis() / 1_000).ok()?;
    let step = totp(&factor.secret.0, "", "")?.check(code.trim(), seconds)?;
    (step > factor.spent_step).then_some(step)
}

/// `xxxxxx-xxxxxx-xxxxxx-xxxxxx`, in letters and digits that nobody takes for one another. Its 120 bits are more than
/// the 112 from which on a plain digest may be kept of it (OWASP ASVS 5.0, 6.5.2).
fn recovery_code(secret: [u8; 32]) -> String {
    const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz023456789";
    let letter = |byte: &u8| char::from(LETTERS[usize::from(byte % 32)]);
    let groups: Vec<String> = secret[..24].chunks(6).map(|group| group.iter().map(letter).collect()).collect();
    groups.join("-")
}

/// A recovery code as it is compared: however it was typed.
fn plain(code: &str) -> String {
    code.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn factor(spent_step: u64) -> SecondFactor {
        // The secret of the examples in RFC 6238, appendix B: "12345678901234567890".
        let secret = Secret("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ".to_owned());
        SecondFactor { secret, confirmed_at: Some(Timestamp::default()), spent_step, recovery: vec![] }
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(seconds * 1_000)
    }

    #[test]
    fn codes_are_those_of_the_standard_and_good_once() {
        // RFC 6238, appendix B, the last six of eight digits.
        for (seconds, code) in [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924")] {
            let step = seconds as u64 / 30;
            assert_eq!(step_of(&factor(0), code, at(seconds)), Some(step), "{code}");
            assert_eq!(step_of(&factor(step), code, at(seconds)), None, "spent");
            assert_eq!(step_of(&factor(step + 1), code, at(seconds)), None, "a later one was spent");
            assert_eq!(step_of(&factor(0), code, at(seconds + 30)), Some(step), "a clock that is slow");
            assert_eq!(step_of(&factor(0), code, at(seconds + 61)), None, "long over");
        }
        for code in ["", "000000", "28708", "2870822", "x87082", "287 082x"] {
            assert_eq!(step_of(&factor(0), code, at(59)), None, "{code:?}");
        }
    }

    #[test]
    fn recovery_codes_are_compared_however_they_are_typed() {
        let code = recovery_code([7; 32]);
        assert_eq!(plain(&code), plain(&format!(" {} ", code.to_uppercase().replace('-', ""))));
        assert_ne!(recovery_code([8; 32]), code);
    }

    #[test]
    fn nobody_can_guess_a_recovery_code() {
        // Each of the first 24 bytes counts with five bits: 120 in all.
        let code = recovery_code([0; 32]);
        for byte in 0..24 {
            let mut codes = std::collections::BTreeSet::new();
            for value in 0..=u8::MAX {
                let mut secret = [0; 32];
                secret[byte] = value;
                codes.insert(plain(&recovery_code(secret)));
            }
            assert_eq!(codes.len(), 32, "byte {byte}");
        }
        assert_eq!((code.len(), plain(&code).len()), (27, 24), "and it fits into a sign-in");
    }
}
