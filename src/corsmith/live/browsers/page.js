// Runs in the page: makes the calls of a JSON list, some at a time, and returns as JSON what the script could see.
async (text) => {
  const { jobs, width } = JSON.parse(text);
  const results = new Array(jobs.length);
  let next = 0;

  const limited = (call) => {
    let timer;
    const limit = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error("no answer in time")), 20000);
    });
    return Promise.race([call, limit]).finally(() => clearTimeout(timer));
  };

  const stream = (text) => new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(text));
      controller.close();
    },
  });

  const viaFetch = async (job) => {
    const init = { method: job.method || "GET", headers: job.headers || [] };
    for (const key of ["credentials", "mode", "redirect", "keepalive"]) {
      if (job[key] !== undefined && job[key] !== null) init[key] = job[key];
    }
    if (job.stream) {
      init.body = stream(job.body || "x");
      init.duplex = "half";
    } else if (job.body !== undefined && job.body !== null) {
      init.body = job.body;
    }
    const response = await fetch(job.url, init);
    const seen = { status: response.status, type: response.type, visible_headers: [...response.headers.keys()] };
    if (job.read) seen.body = (await response.text()).slice(0, 65536);
    return seen;
  };

  const viaXhr = (job) => new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest();
    xhr.open(job.method || "GET", job.url);
    xhr.responseType = "text";
    xhr.withCredentials = job.credentials === "include";
    for (const [name, value] of job.headers || []) xhr.setRequestHeader(name, value);
    if (job.via === "xhr-upload") xhr.upload.addEventListener("progress", () => {});
    xhr.onload = () => {
      const names = xhr.getAllResponseHeaders().split("\r\n").filter(Boolean).map((line) => line.split(":")[0].toLowerCase());
      const seen = { status: xhr.status, type: "xhr", visible_headers: names.sort() };
      if (job.read) seen.body = xhr.responseText.slice(0, 65536);
      resolve(seen);
    };
    xhr.onerror = () => reject("xhr onerror");
    xhr.send(job.body === undefined ? null : job.body);
  });

  const one = async (job) => {
    try {
      return await limited(job.via && job.via !== "fetch" ? viaXhr(job) : viaFetch(job));
    } catch (error) {
      return { js_error: String(error) };
    }
  };

  const worker = async () => {
    while (next < jobs.length) {
      const mine = next++;
      results[mine] = await one(jobs[mine]);
    }
  };

  await Promise.all(Array.from({ length: Math.min(width, jobs.length) }, worker));
  return JSON.stringify(results);
}
