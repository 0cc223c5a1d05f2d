// What a page does with an undercloud: fetch and WebSocket, nothing else.
"use strict";

async function logIn({keystone, password}) {
  const user = {name: "admin", domain: {id: "default"}, password};
  const response = await fetch(keystone + "/v3/auth/tokens", {
    method: "POST",
    headers: {"Content-Type": "application/json"},
    body: JSON.stringify({
      auth: {
        identity: {methods: ["password"], password: {user}},
        scope: {project: {name: "admin", domain: {id: "default"}}},
      },
    }),
  });
  const {token} = await response.json();
  const urls = {};
  for (const service of token.catalog) {
    const found = service.endpoints.find((e) => e.interface === "public");
    urls[service.type] = found.url;
  }
  return {
    token: response.headers.get("X-Subject-Token"),
    project: token.project.id,
    urls,
  };
}

function send(session, type, path, {method = "GET", headers = {}, body} = {}) {
  return fetch(session.urls[type] + path, {
    method,
    headers: {"X-Auth-Token": session.token, ...headers},
    body,
  });
}

async function post(session, type, path, body) {
  const headers = {"Content-Type": "application/json"};
  const options = {method: "POST", headers, body: JSON.stringify(body)};
  return (await send(session, type, path, options)).json();
}

// The plans, as the action tells them.
async function listPlans(session) {
  const execution = await post(session, "workflowv2", "/action_executions", {
    name: "tripleo.plan.list",
    input: "{}",
    params: JSON.stringify({run_sync: true}),
  });
  return JSON.parse(execution.output).result;
}

// Calls back with each frame, and resolves to a function that asks.
function openSocket(session, client, onMessage) {
  const socket = new WebSocket(session.urls["messaging-websocket"]);
  const answers = [];
  const headers = {"Client-ID": client, "X-Project-ID": session.project};
  socket.onmessage = ({data}) => {
    const frame = JSON.parse(data);
    frame.request ? answers.shift()(frame) : onMessage(frame);
  };
  const ask = (action, body, more = {}) => new Promise((resolve) => {
    answers.push(resolve);
    socket.send(JSON.stringify({
      action, headers: {...headers, ...more}, body}));
  });
  return new Promise((resolve, reject) => {
    socket.onerror = () => reject(new Error("the websocket failed"));
    socket.onopen = () => resolve(ask);
  });
}

// Starts a workflow, and resolves to its message.
async function runWorkflow(session, workflow) {
  const queue = "page-" + crypto.randomUUID();
  let told;
  const message = new Promise((resolve) => { told = resolve; });
  const ask = await openSocket(session, crypto.randomUUID(), told);
  const statuses = [];
  for (const [action, body, more] of [
    ["authenticate", {}, {"X-Auth-Token": session.token}],
    ["queue_create", {queue_name: queue}],
    ["subscription_create", {queue_name: queue, ttl: 300}],
  ]) {
    statuses.push((await ask(action, body, more)).headers.status);
  }
  await post(session, "workflowv2", "/executions", {
    workflow_name: workflow,
    input: JSON.stringify({queue_name: queue}),
  });
  return {statuses, message: (await message).body};
}

// One request to each service, with a header of the answer that it exposes.
async function visit(session) {
  const client = {"Client-ID": crypto.randomUUID()};
  const version = {"X-OpenStack-Ironic-API-Version": "1.95"};
  const requests = {
    identity: ["identity", "/auth/projects", {}, "X-OpenStack-Request-ID"],
    workflowv2: ["workflowv2", "/workflows?limit=1", {}, "Content-Type"],
    messaging: ["messaging", "/v2/queues", {headers: client}, "Content-Type"],
    "object-store": ["object-store", "?format=json", {},
      "X-Account-Container-Count"],
    orchestration: ["orchestration", "/stacks", {}, "X-OpenStack-Request-ID"],
    image: ["image", "/v2/images", {}, "X-OpenStack-Request-ID"],
    baremetal: ["baremetal", "/v1/nodes", {headers: version},
      "X-OpenStack-Ironic-API-Version"],
  };
  const found = {};
  for (const [name, [type, path, options, header]] of
    Object.entries(requests)) {
    const right = await send(session, type, path, options);
    const wrong = await send({...session, token: "wrong"}, type, path, options);
    found[name] = [right.status, Boolean(right.headers.get(header)),
      wrong.status];
  }
  return found;
}

// Marks a container, reads the mark, and deletes it.
async function markContainer(session, container) {
  const mark = {"X-Container-Meta-Mark": "from a page"};
  const options = {method: "PUT", headers: mark};
  const path = "/" + container;
  const put = await send(session, "object-store", path, options);
  const head = await send(session, "object-store", path, {method: "HEAD"});
  const gone = await send(session, "object-store", path, {method: "DELETE"});
  return [put.status, head.headers.get("X-Container-Meta-Mark"), gone.status];
}

// All of it, as a page would do it for whom it let log in.
async function useUndercloud(inputs) {
  const session = await logIn(inputs);
  return {
    plans: await listPlans(session),
    workflow: await runWorkflow(session, inputs.workflow),
    visits: await visit(session),
    container: await markContainer(session, inputs.container),
  };
}

window.isReady = true;
