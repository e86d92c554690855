//! The generated contract, `crm.kpi.v1`. Used by `convert`, `service`, `server` and clients only.
#![allow(missing_docs)]
// A stream has one header; its other frames are the many.
#![allow(clippy::large_enum_variant)]

/// Messages that are encoded already.
mod encoded;

pub use encoded::{Encoded, EncodedCodec, push_message, put_head};

tonic::include_proto!("crm.kpi.v1");
// The server: its answers that are kept or large are `Encoded`.
include!(concat!(env!("OUT_DIR"), "/crm.kpi.v1.KpiService.rs"));

/// The field numbers of every message, for what is encoded without the generated types.
pub mod fields {
    include!(concat!(env!("OUT_DIR"), "/fields.rs"));
}

/// The encoded descriptors of the contract, for reflection.
pub const FILE_DESCRIPTOR_SET: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/descriptors.bin"));
