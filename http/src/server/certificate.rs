//! The certificate that the edge speaks TLS with, and how a new one takes its place while connections are open.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use arc_swap::ArcSwap;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use tokio_rustls::TlsAcceptor;

use crate::config::TlsConfig;

/// How often the files are looked at. Who renews certificates writes days before the old one ends.
const LOOK_EVERY: Duration = Duration::from_secs(3);

/// What may be spoken inside, best first (RFC 7301).
const PROTOCOLS: [&[u8]; 2] = [b"h2", b"http/1.1"];

#[derive(Debug)]
pub struct Certificate {
    files: Files,
    current: ArcSwap<CertifiedKey>,
}

#[derive(Debug, Clone)]
struct Files {
    certificate: PathBuf,
    key: PathBuf,
}

impl Certificate {
    /// None where no certificate is set.
    ///
    /// # Errors
    /// A sentence that starts with the key of the configuration at fault.
    pub fn load(config: &TlsConfig) -> Result<Option<Arc<Self>>, String> {
        let TlsConfig { certificate, key, hsts: _ } = config;
        if certificate.is_empty() && key.is_empty() {
            return Ok(None);
        }
        let files = Files { certificate: certificate.into(), key: key.into() };
        let current = ArcSwap::from_pointee(files.read()?);
        Ok(Some(Arc::new(Self { files, current })))
    }

    /// # Errors
    /// When the library offers no protocol version, which depends on how it was built alone.
    pub fn acceptor(self: &Arc<Self>) -> Result<TlsAcceptor, rustls::Error> {
        let builder = rustls::ServerConfig::builder_with_provider(Arc::new(ring::default_provider()));
        let builder = builder.with_safe_default_protocol_versions()?;
        let resolver: Arc<dyn ResolvesServerCert> = Arc::clone(self) as _;
        let mut config = builder.with_no_client_auth().with_cert_resolver(resolver);
        config.alpn_protocols = PROTOCOLS.map(<[u8]>::to_vec).to_vec();
        Ok(TlsAcceptor::from(Arc::new(config)))
    }

    /// Looks at the files for as long as it is polled, and takes what is new. What cannot be used is told once, and
    /// the old certificate stays.
    pub async fn follow(self: Arc<Self>) {
        let mut seen = self.files.changed_at();
        loop {
            tokio::time::sleep(LOOK_EVERY).await;
            let changed_at = self.files.changed_at();
            if changed_at == seen {
                continue;
            }
            seen = changed_at;
            match self.take_new() {
                Ok(()) => tracing::info!("the certificate was renewed"),
                Err(fault) => tracing::error!(fault, "the new certificate cannot be used; the old one stays"),
            }
        }
    }

    fn take_new(&self) -> Result<(), String> {
        self.current.store(Arc::new(self.files.read()?));
        Ok(())
    }
}

impl ResolvesServerCert for Certificate {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.current.load_full())
    }
}

impl Files {
    fn read(&self) -> Result<CertifiedKey, String> {
        let of = |key: &str, path: &Path, fault: String| format!("tls.{key}: {}: {fault}", path.display());
        let chain = CertificateDer::pem_file_iter(&self.certificate).and_then(Iterator::collect::<Result<Vec<_>, _>>);
        let chain = chain.map_err(|fault| of("certificate", &self.certificate, fault.to_string()))?;
        if chain.is_empty() {
            return Err(of("certificate", &self.certificate, "there is no certificate in it".to_owned()));
        }
        let key = PrivateKeyDer::from_pem_file(&self.key).map_err(|fault| of("key", &self.key, fault.to_string()))?;
        // It also says so when the two do not belong together.
        CertifiedKey::from_der(chain, key, &ring::default_provider())
            .map_err(|fault| of("key", &self.key, fault.to_string()))
    }

    /// Of both files; none for one that is not there, as while it is being replaced.
    fn changed_at(&self) -> [Option<SystemTime>; 2] {
        [&self.certificate, &self.key].map(|file| std::fs::metadata(file).and_then(|file| file.modified()).ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(folder: &Path) -> Vec<u8> {
        let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
        std::fs::write(folder.join("cert.pem"), made.cert.pem()).unwrap();
        std::fs::write(folder.join("key.pem"), made.signing_key.serialize_pem()).unwrap();
        made.cert.der().to_vec()
    }

    fn config(folder: &Path) -> TlsConfig {
        let path = |name: &str| folder.join(name).display().to_string();
        TlsConfig { certificate: path("cert.pem"), key: path("key.pem"), ..TlsConfig::default() }
    }

    #[test]
    fn a_new_one_is_taken_and_a_bad_one_leaves_the_old() {
        let folder = tempfile::tempdir().unwrap();
        let first = write(folder.path());
        let certificate = Certificate::load(&config(folder.path())).unwrap().unwrap();
        let now = |certificate: &Certificate| certificate.current.load().end_entity_cert().unwrap().to_vec();
        assert_eq!(now(&certificate), first);
        let before = certificate.files.changed_at();
        let second = write(folder.path());
        assert_ne!(certificate.files.changed_at(), before);
        certificate.take_new().unwrap();
        assert_eq!(now(&certificate), second);
        for (file, bad) in [("cert.pem", ""), ("key.pem", "-----BEGIN PRIVATE KEY-----\n"), ("cert.pem", "text")] {
            std::fs::write(folder.path().join(file), bad).unwrap();
            assert!(certificate.take_new().unwrap_err().starts_with("tls."));
            assert_eq!(now(&certificate), second);
        }
    }

    #[test]
    fn a_key_of_another_certificate_is_refused() {
        let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        write(one.path());
        write(other.path());
        let mixed = TlsConfig { key: config(other.path()).key, ..config(one.path()) };
        assert!(Certificate::load(&mixed).unwrap_err().starts_with("tls.key"));
        assert!(Certificate::load(&TlsConfig::default()).unwrap().is_none());
    }
}
