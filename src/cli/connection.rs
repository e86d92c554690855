use super::Failure;
use super::failure::innermost;
use crate::config::redact;
use crate::proto::kpi_service_client::KpiServiceClient;
use std::fmt::Display;
use std::path::{Path, PathBuf};
use tonic::metadata::{Ascii, MetadataValue};
use tonic::service::Interceptor;
use tonic::service::interceptor::InterceptedService;
use tonic::transport::{Certificate, Channel, ClientTlsConfig, Endpoint, Identity};
use tonic::{Request, Status};

/// A token, where it is not in a file.
const TOKEN: &str = "CRM_KPI_TOKEN";

/// The service, unless another is named.
const ENDPOINT: &str = "http://127.0.0.1:50051";

/// How to reach a running service.
#[derive(Debug, clap::Args)]
pub struct ConnectionArgs {
    /// The service: http://HOST:PORT or https://HOST:PORT [default: http://127.0.0.1:50051]
    #[arg(long, value_name = "URL", env = "CRM_KPI_ENDPOINT", hide_env_values = true)]
    endpoint: Option<String>,
    /// A file with the token that says who asks; or the token itself in CRM_KPI_TOKEN
    #[arg(long, value_name = "FILE", env = "CRM_KPI_TOKEN_FILE")]
    token_file: Option<PathBuf>,
    /// The authorities (PEM) that the service's certificate must be of [default: those of this machine]
    #[arg(long, value_name = "FILE", env = "CRM_KPI_CA")]
    ca: Option<PathBuf>,
    /// The certificate (PEM) to show to the service
    #[arg(long, value_name = "FILE", env = "CRM_KPI_CLIENT_CERTIFICATE", requires = "client_key")]
    client_certificate: Option<PathBuf>,
    /// The private key (PEM) of that certificate
    #[arg(long, value_name = "FILE", env = "CRM_KPI_CLIENT_KEY", requires = "client_certificate")]
    client_key: Option<PathBuf>,
}

/// A client that says who asks.
pub(super) type Client = KpiServiceClient<InterceptedService<Channel, Bearer>>;

/// Puts a token into calls.
#[derive(Clone)]
pub(super) struct Bearer(Option<MetadataValue<Ascii>>);

impl Interceptor for Bearer {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        if let Some(bearer) = &self.0 {
            request.metadata_mut().insert("authorization", bearer.clone());
        }
        Ok(request)
    }
}

impl ConnectionArgs {
    /// Whether a service is named.
    pub(super) fn is_given(&self) -> bool {
        self.endpoint.is_some()
    }

    /// Connects.
    pub(super) async fn client(&self) -> Result<Client, Failure> {
        let endpoint = self.endpoint.as_deref().unwrap_or(ENDPOINT);
        let wrong = |error: &dyn Display| {
            Failure::new(format_args!("{:?} is not the address of a service: {error}", redact(endpoint)))
        };
        let hint = "Write http://HOST:PORT, or https://HOST:PORT where the service has a certificate";
        let mut parsed = Endpoint::from_shared(endpoint.to_owned()).map_err(|error| wrong(&error).hint(hint))?;
        let bearer = self.bearer()?;
        if endpoint.starts_with("https:") {
            parsed = parsed.tls_config(self.tls()?).map_err(|error| Failure::new(innermost(&error)))?;
        } else if self.ca.is_some() || self.client_certificate.is_some() {
            return Err(Failure::new("certificates are for https:// addresses").hint(hint));
        }
        let channel = parsed
            .connect()
            .await
            .map_err(|error| Failure::not_reached(endpoint).hint(format_args!("Cause: {}", innermost(&error))))?;
        let client = KpiServiceClient::with_interceptor(channel, Bearer(bearer));
        Ok(client.max_decoding_message_size(usize::MAX))
    }

    fn bearer(&self) -> Result<Option<MetadataValue<Ascii>>, Failure> {
        let (token, whence) = match (&self.token_file, std::env::var(TOKEN)) {
            (Some(path), _) => (String::from_utf8_lossy(&read(path)?).into_owned(), path.display().to_string()),
            (None, Ok(token)) => (token, TOKEN.to_owned()),
            (None, Err(_)) => return Ok(None),
        };
        let wrong = || Failure::new(format_args!("{whence} holds no token"));
        let token = token.trim();
        if token.is_empty() || token.contains(char::is_whitespace) {
            return Err(wrong());
        }
        let mut bearer: MetadataValue<Ascii> = format!("Bearer {token}").parse().map_err(|_| wrong())?;
        bearer.set_sensitive(true);
        Ok(Some(bearer))
    }

    fn tls(&self) -> Result<ClientTlsConfig, Failure> {
        let tls = match &self.ca {
            Some(path) => ClientTlsConfig::new().ca_certificate(Certificate::from_pem(read(path)?)),
            None => ClientTlsConfig::new().with_enabled_roots(),
        };
        Ok(match (&self.client_certificate, &self.client_key) {
            (Some(certificate), Some(key)) => tls.identity(Identity::from_pem(read(certificate)?, read(key)?)),
            _ => tls,
        })
    }
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(path).map_err(|error| Failure::new(format_args!("cannot read {}: {error}", path.display())))
}
