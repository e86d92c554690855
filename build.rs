//! Compiles the contract without protoc and keeps its descriptors for reflection.

use std::{env, error::Error, fs, path::PathBuf};

const ROOT: &str = "proto";
const FILES: [&str; 5] = [
    "crm/kpi/v1/catalog.proto",
    "crm/kpi/v1/data_quality.proto",
    "crm/kpi/v1/kpi_service.proto",
    "crm/kpi/v1/query.proto",
    "crm/kpi/v1/result.proto",
];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed={ROOT}");
    let descriptors = protox::Compiler::new([ROOT])?
        .include_source_info(true)
        .include_imports(true)
        .open_files(FILES)?
        .encode_file_descriptor_set();
    let out = PathBuf::from(env::var("OUT_DIR")?);
    fs::write(out.join("descriptors.bin"), &descriptors)?;
    let set = protox::compile(FILES, [ROOT])?;
    tonic_prost_build::configure().compile_fds(set)?;
    Ok(())
}
