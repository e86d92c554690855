//! The generated contract, `crm.kpi.v1`. Used by `convert`, `service`, `server` and clients only.
#![allow(missing_docs)]

tonic::include_proto!("crm.kpi.v1");

/// The encoded descriptors of the contract, for reflection.
pub const FILE_DESCRIPTOR_SET: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/descriptors.bin"));
