// Drives the Hub's official JavaScript client: node hub.mjs ENDPOINT TOKEN COMMAND ARGS… prints one JSON value.
import { createHash } from "node:crypto";
import { pathToFileURL } from "node:url";
import {
    commit, createRepo, deleteFile, deleteRepo, downloadFile, listFiles, modelInfo, repoExists, snapshotDownload, uploadFiles, whoAmI,
} from "@huggingface/hub";

const [hubUrl, accessToken, command, ...args] = process.argv.slice(2);
const common = { hubUrl, accessToken };
const repo = { type: args[0], name: args[1] };

async function list() {
    const files = [];
    for await (const entry of listFiles({ ...common, repo, recursive: true })) {
        if (entry.type === "file") {
            files.push({ path: entry.path, size: entry.lfs?.size ?? entry.size, lfs: entry.lfs?.oid ?? null });
        }
    }
    return files;
}

const commands = {
    whoami: async () => (await whoAmI(common)).name,
    create: () => createRepo({ ...common, repo, visibility: args[2] }),
    exists: () => repoExists({ ...common, repo }),
    list,
    head: async () => (await modelInfo({ ...common, name: args[1], additionalFields: ["sha"] })).sha,
    upload: async () => (await uploadFiles({
        ...common, repo, files: [pathToFileURL(args[2] + "/")], commitTitle: "by the official client",
    })).commit.oid,
    propose: async () => (await commit({
        ...common, repo, title: "a proposal", isPullRequest: true,
        operations: [{ operation: "addOrUpdate", path: "note.txt", content: new Blob(["a note"]) }],
    })).pullRequestUrl,
    hashes: async () => {
        const hashes = {};
        for (const { path } of await list()) {
            const blob = await downloadFile({ ...common, repo, path });
            hashes[path] = createHash("sha256").update(Buffer.from(await blob.arrayBuffer())).digest("hex");
        }
        return hashes;
    },
    snapshot: () => snapshotDownload({ ...common, repo, cacheDir: args[2] }),
    deleteFile: async () => (await deleteFile({ ...common, repo, path: args[2] })).commit.oid,
    deleteRepo: () => deleteRepo({ ...common, repo }).then(() => true),
};

console.debug = () => {};
try {
    console.log(JSON.stringify(await commands[command]()));
} catch (error) {
    console.error(`${error.statusCode ?? ""} ${error.message}`);
    process.exit(1);
}
