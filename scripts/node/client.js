// A client of grpc-js, and requests that are no gRPC: node client.js HOST:PORT, with NODE_PATH.
"use strict";

const http = require("http");
const http2 = require("http2");
const path = require("path");
const grpc = require("@grpc/grpc-js");
const loader = require("@grpc/proto-loader");

const root = path.join(__dirname, "../../proto");
const definition = loader.loadSync("crm/kpi/v1/kpi_service.proto", { includeDirs: [root], keepCase: true, enums: String });
const { KpiService } = grpc.loadPackageDefinition(definition).crm.kpi.v1;
const endpoint = process.argv[2];
const period = { dates: { first_date: "2017-03-01", last_date: "2017-12-31" } };

function check(holds, what, found) {
    if (!holds) {
        console.log(`FAILED  ${what}: found ${JSON.stringify(found)}`);
        process.exit(1);
    }
    console.log(`ok  ${what}`);
}

function ask(client, query) {
    return new Promise((resolve) =>
        client.QueryKpis({ query }, { deadline: Date.now() + 20000 }, (error, answer) => resolve({ error, answer })));
}

function stream(client, query) {
    return new Promise((resolve) => {
        const frames = [];
        const call = client.StreamRepBreakdown({ query, batch_rows: 5 }, { deadline: Date.now() + 20000 });
        call.on("data", (message) => frames.push(message.header ? "header" : message.batch ? "batch" : "summary"));
        call.on("error", (error) => resolve({ error, frames }));
        call.on("end", () => resolve({ frames }));
    });
}

// What is sent with HTTP/2 as another kind of request.
function post(type, body) {
    return new Promise((resolve) => {
        const session = http2.connect(`http://${endpoint}`);
        const request = session.request({
            ":method": "POST", ":path": "/crm.kpi.v1.KpiService/ListKpis", "content-type": type, te: "trailers",
        });
        let status;
        request.on("response", (headers) => { status = headers[":status"]; });
        request.on("error", (error) => { resolve(String(error)); session.close(); });
        request.on("end", () => { resolve(status); session.close(); });
        request.resume();
        request.end(body);
    });
}

// What a browser or a probe sends.
function get() {
    return new Promise((resolve) => {
        const [host, port] = endpoint.split(":");
        const request = http.get({ host, port, path: "/" }, (answer) => {
            let text = "";
            answer.on("data", (piece) => { text += piece; });
            answer.on("end", () => resolve({ status: answer.statusCode, text }));
        });
        request.on("error", (error) => resolve({ status: 0, text: String(error) }));
    });
}

async function main() {
    const client = new KpiService(endpoint, grpc.credentials.createInsecure());
    const query = { kpi_ids: ["won_value"], period, group_by: ["rep"] };
    const { error, answer } = await ask(client, query);
    check(!error && answer.rows.length > 10, "an answer", error);
    const { frames } = await stream(client, query);
    check(frames[0] === "header" && frames.at(-1) === "summary" && frames.includes("batch"), "a stream", frames);

    const compressing = new KpiService(endpoint, grpc.credentials.createInsecure(), {
        "grpc.default_compression_algorithm": grpc.compressionAlgorithms.gzip,
    });
    const compressed = await ask(compressing, query);
    check(!compressed.error, "a compressed request", compressed.error);
    check(JSON.stringify(compressed.answer.rows) === JSON.stringify(answer.rows), "has the same answer");

    // The message of the status, and what it quotes, as it was sent: nothing is left escaped.
    for (const id of ["won_valu", "what?", "50%", "%3F", "größe", "значение", "客户", "a b\tc", "\"q\" 'q'"]) {
        const { error } = await ask(client, { ...query, kpi_ids: [id] });
        check(error && error.code === grpc.status.INVALID_ARGUMENT, `an unknown KPI ${JSON.stringify(id)} is refused`, error);
        const escaped = error.details.replaceAll(id, "").match(/%[0-9A-F]{2}/);
        check(!escaped, `its message has nothing escaped: ${error.details}`, error.details);
    }

    for (const type of ["application/grpc-web+proto", "application/grpc-web-text", "application/json", "text/plain"]) {
        const status = await post(type, Buffer.alloc(5));
        check(status === 415, `${type} is answered with 415`, status);
    }
    const { status, text } = await get();
    check([400, 426, 505].includes(status) && text.trim().length > 20, `HTTP/1.1 is answered with ${status}: ${text.trim()}`, { status, text });
    process.exit(0);
}

main();
