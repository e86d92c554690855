//! Compiles the contract without protoc and keeps its descriptors for reflection.

use std::{env, error::Error, fs, path::PathBuf};
use tonic_build::manual::{self, Method, Service};

const ROOT: &str = "proto";
const FILES: [&str; 5] = [
    "crm/kpi/v1/catalog.proto",
    "crm/kpi/v1/data_quality.proto",
    "crm/kpi/v1/kpi_service.proto",
    "crm/kpi/v1/query.proto",
    "crm/kpi/v1/result.proto",
];

/// The answers that the server has encoded before it hands them over: what is kept, and what has many rows.
const ENCODED: [&str; 3] = ["QueryKpis", "BatchQueryKpis", "StreamRepBreakdown"];

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
    fs::write(
        out.join("fields.rs"),
        set.file.iter().flat_map(|file| &file.message_type).map(fields).collect::<String>(),
    )?;
    let services: Vec<_> = set.file.iter().flat_map(|file| &file.service).map(server).collect();
    manual::Builder::new().build_client(false).compile(&services);
    tonic_prost_build::configure().build_server(false).compile_fds(set)?;
    Ok(())
}

/// The field numbers of a message, for who encodes it without the generated type.
fn fields(message: &prost_types::DescriptorProto) -> String {
    let number = |field: &prost_types::FieldDescriptorProto| {
        format!("    pub const {}: u32 = {};\n", field.name().to_ascii_uppercase(), field.number())
    };
    let numbers: String = message.field.iter().map(number).collect();
    format!("/// Of `{}`.\npub mod {} {{\n{numbers}}}\n", message.name(), snake_case(message.name()))
}

/// The server of a service of the contract.
fn server(service: &prost_types::ServiceDescriptorProto) -> Service {
    let mut built = Service::builder().name(service.name()).package("crm.kpi.v1");
    for method in &service.method {
        let own = |path: &str| format!("crate::proto::{}", path.rsplit('.').next().unwrap_or(path));
        let (input, output) = (own(method.input_type()), own(method.output_type()));
        let (output, codec) = match ENCODED.contains(&method.name()) {
            true => (format!("crate::proto::Encoded<{output}>"), "crate::proto::EncodedCodec"),
            false => (output, "tonic_prost::ProstCodec"),
        };
        let mut with = Method::builder()
            .name(snake_case(method.name()))
            .route_name(method.name())
            .input_type(input)
            .output_type(output)
            .codec_path(codec);
        if method.server_streaming() {
            with = with.server_streaming();
        }
        built = built.method(with.build());
    }
    built.build()
}

fn snake_case(name: &str) -> String {
    let mut snake = String::new();
    for (place, letter) in name.char_indices() {
        if letter.is_ascii_uppercase() && place > 0 {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}
