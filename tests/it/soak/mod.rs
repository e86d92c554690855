//! A soak: callers of several kinds ask two programs the same for as long as is wanted, one on SQLite and one on PostgreSQL,
//! with the same rows. Run it with scripts/soak, which says how it is told what to do.
//!
//! What it looks for: answers that differ, statuses that nothing explains, panics and errors in the log, and whatever is held
//! afterwards: memory, connections, files, places.

mod callers;
mod watch;

use crate::abuse::program::Program;
use crate::abuse::samples::{Sample, samples_of};
use crate::abuse::{PATIENCE, held, until};
use crate::laws::{self, questions::Catalogue};
use crate::oracle::data;
use crate::support::{Kind, TestDatabase};
use crm_kpi::proto::kpi_service_client::KpiServiceClient;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::process::Command;
use tokio::sync::RwLock;
use tokio::task::JoinSet;
use tonic::transport::Channel;
use watch::Watch;

/// No place is left idle, none is waited for, and what mutated requests ask for stays small.
const SETTINGS: [&str; 4] =
    ["changes.confirm=0s", "limits.figures=200000", "limits.buckets=800", "calls.default_deadline=120s"];

/// Of which kind the callers are, in turn.
const CALLERS: [&str; 8] = ["compare", "mutate", "cancel", "compare", "read slowly", "mutate", "compare", "cancel"];

struct Options {
    time: Duration,
    callers: usize,
    seed: u64,
    /// The program to try.
    binary: PathBuf,
}

impl Options {
    fn read() -> Self {
        let number = |name: &str, default: u64| match std::env::var(name) {
            Ok(text) => text.parse().unwrap_or_else(|_| panic!("{name}: a whole number, not {text:?}")),
            Err(_) => default,
        };
        let binary = std::env::var_os("CRM_KPI_BINARY").unwrap_or_else(|| env!("CARGO_BIN_EXE_crm-kpi").into());
        Self {
            time: Duration::from_secs(number("CRM_KPI_SOAK_SECONDS", 60)),
            callers: usize::try_from(number("CRM_KPI_SOAK_CALLERS", 8)).expect("not that many"),
            seed: number("CRM_KPI_SOAK_SEED", 1),
            binary: binary.into(),
        }
    }
}

/// A program, and what its callers need.
struct Side {
    kind: Kind,
    database: TestDatabase,
    program: Program,
    client: KpiServiceClient<Channel>,
    samples: Vec<Sample>,
}

impl Side {
    async fn start(kind: Kind, options: &Options) -> Self {
        let database = TestDatabase::migrated(kind).await;
        data::fill(&database.connection, options.seed).await;
        laws::beside::fill(&database.connection).await;
        let program = Program::run(Command::new(&options.binary), &database.url, "error", &SETTINGS).await;
        let client = client(&program).await;
        let samples = samples_of(client.clone(), [("2023-07-01", "2024-06-30"), ("2024-01-01", "2024-03-31")]).await;
        Self { kind, database, program, client, samples }
    }
}

async fn client(program: &Program) -> KpiServiceClient<Channel> {
    let channel = Channel::from_shared(format!("http://{}", program.address)).expect("an address");
    KpiServiceClient::new(channel.connect().await.expect("a connection"))
}

/// What all callers share.
struct Soak {
    sides: [Side; 2],
    catalogue: Catalogue,
    ends: Instant,
    seed: u64,
    /// Held for reading while both sides are asked the same, for writing while rows change.
    rows: RwLock<()>,
    /// How often what happened.
    tally: Mutex<BTreeMap<String, u64>>,
    /// What should not have happened.
    faults: Mutex<Vec<String>>,
}

impl Soak {
    fn is_over(&self) -> bool {
        Instant::now() >= self.ends
    }

    fn count(&self, what: impl Into<String>) {
        *self.tally.lock().expect("the tally").entry(what.into()).or_default() += 1;
    }

    fn fault(&self, what: String) {
        self.count("FAULTS");
        println!("FAULT  {what}");
        self.faults.lock().expect("the faults").push(what);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "runs for as long as it is told to: scripts/soak"]
async fn nothing_is_wrong_and_nothing_is_left() {
    let options = Options::read();
    println!("seed {}, {} callers, {:?}", options.seed, options.callers, options.time);
    let sides = [Side::start(Kind::Sqlite, &options).await, Side::start(Kind::Postgres, &options).await];
    let catalogue = Catalogue::read(sides[0].client.clone()).await;
    let soak = Arc::new(Soak {
        sides,
        catalogue,
        ends: Instant::now() + options.time,
        seed: options.seed,
        rows: RwLock::default(),
        tally: Mutex::default(),
        faults: Mutex::default(),
    });
    let mut callers = JoinSet::new();
    for number in 0..options.callers {
        let (soak, kind) = (soak.clone(), CALLERS[number % CALLERS.len()]);
        callers.spawn(async move {
            let seed = soak.seed.wrapping_mul(1_000_003).wrapping_add(number as u64);
            match kind {
                "compare" => callers::compare(&soak, seed).await,
                "mutate" => callers::mutate(&soak, seed).await,
                "cancel" => callers::cancel(&soak, seed).await,
                _ => callers::read_slowly(&soak, seed).await,
            }
        });
    }
    let writer = soak.clone();
    callers.spawn(async move { callers::write(&writer).await });
    let watch = Watch::until_the_end(&soak, options.time).await;
    while let Some(caller) = callers.join_next().await {
        if let Err(error) = caller {
            soak.fault(format!("a caller ended with {error}"));
        }
    }
    watch.judge(&soak, options.time);
    rest(&soak).await;
    let soak = Arc::into_inner(soak).expect("all callers have ended");
    let (tally, mut faults) =
        (soak.tally.into_inner().expect("the tally"), soak.faults.into_inner().expect("the faults"));
    for side in soak.sides {
        faults.extend(end(side).await);
    }
    println!("{tally:#?}");
    assert!(faults.is_empty(), "{} faults, the first: {}", faults.len(), faults[0]);
}

/// Nothing is under way any more.
async fn rest(soak: &Soak) {
    for side in &soak.sides {
        let metrics = side.program.metrics;
        let began = Instant::now();
        while !held::counts(metrics).await.is_at_rest() && began.elapsed() < PATIENCE {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let counts = held::counts(metrics).await;
        if !counts.is_at_rest() {
            soak.fault(format!("{:?}: {counts:?} after {PATIENCE:?} without a caller", side.kind));
        }
    }
}

/// Stops a program, and returns what is wrong with its end and its log.
async fn end(side: Side) -> Vec<String> {
    let Side { kind, program, client, .. } = side;
    let metrics = program.metrics;
    drop(client);
    until("callers are gone", async || held::counts(metrics).await.connections == 0.0).await;
    program.terminate();
    let (status, log) = program.ended().await;
    let wrong = log.iter().filter(|entry| entry.is_string() || entry["level"] == "ERROR");
    let mut faults: Vec<_> = wrong.map(|entry| format!("{kind:?} logged {entry}")).collect();
    if !status.success() {
        faults.push(format!("{kind:?} ended with {status}"));
    }
    for fault in &faults {
        println!("FAULT  {fault}");
    }
    faults
}
