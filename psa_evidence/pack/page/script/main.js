// The page itself: what the reader chooses, the progress, the result.

let examination = null;
let anchors = [];
let lastReport = null;
let busy = false;

const listener = {
  bytes: 0,
  done: 0,
  drawn: 0,
  total(bytes, files) {
    this.bytes = bytes;
    this.done = 0;
    this.stage(`Reading ${counted(files, "file")}, ${commas(bytes)} bytes`);
  },
  read(bytes) {
    this.done += bytes;
    if (performance.now() - this.drawn < 100) return;
    this.drawn = performance.now();
    part("bar").max = Math.max(1, this.bytes);
    part("bar").value = this.done;
  },
  stage(words) {
    part("stage").textContent = `${words} …`;
  },
};

function listing(count) {
  listener.stage(`Listing the folder: ${counted(count, "file")}`);
}

/** Examines what `open` gives and draws the result. */
async function examine(open, name) {
  if (busy) return;
  busy = true;
  part("choose").setAttribute("aria-busy", "true");
  part("result").hidden = true;
  part("progress").hidden = false;
  part("bar").removeAttribute("value");
  listener.stage(`Opening ${shown(name)}`);
  lastReport = null;
  try {
    examination = new Examination();
    await examination.run(open, listener);
    await judge();
    part("verdict-word").focus();
  } catch (error) {
    examination = null;
    if (error instanceof NotListed) part("hint").textContent = error.message;
    else showFault(error);
  } finally {
    busy = false;
    part("choose").removeAttribute("aria-busy");
    part("progress").hidden = true;
  }
}

async function judge() {
  await examination.judgeTime(anchors);
  const report = examination.report();
  drawReport(examination, report);
  lastReport = report;
}

/** A fault of this page is no finding about the pack, and it never looks like one. */
function showFault(error) {
  part("fault").hidden = false;
  part("fault").textContent = `This page could not finish its work: ${shown(String(error && error.message))}. That is a fault of the page or of this browser and says nothing about the pack. Try another browser, or the program psa-evidence.`;
}

/** What was dropped must be asked for at once: it is gone when the event is over. */
async function openDropped(items, files) {
  part("hint").textContent = "";
  const [item] = items;
  const entry = items.length === 1 && item.webkitGetAsEntry ? item.webkitGetAsEntry() : null;
  if (entry && entry.isDirectory) {
    const handle = item.getAsFileSystemHandle ? item.getAsFileSystemHandle().catch(() => null) : null;
    await examine(async () => folderFromDrop(await handle, entry, listing), entry.name);
  } else if (files.length === 1) {
    await examine(() => ZipSource.open(files[0]), files[0].name);
  } else {
    part("hint").textContent = "Please drop one thing: the pack's folder, or its ZIP file.";
  }
}

async function nameAnchors(files) {
  const read = [];
  try {
    for (const file of files) {
      if (file.size > 16 * 1048576) throw new Unreadable("larger than any file of certificates");
      read.push(...certificatesOf(new Uint8Array(await file.arrayBuffer())));
    }
    anchors = read;
    part("named").textContent = `You named: ${read.map((each) => each.name).join("; ")}.`;
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    anchors = [];
    part("named").textContent = `This file names no authority: it ${shown(error.message)}. No authority is named now.`;
  }
  if (examination && !busy) await judge();
}

function start() {
  const problem = sha256Problem();
  if (problem) {
    showFault(new Error(`its self-check failed (${problem})`));
    return;
  }
  part("no-script").hidden = true;
  part("choose").hidden = false;
  part("crypto").hidden = webCrypto() !== null;
  part("folder").onchange = (event) => {
    const list = event.target.files;
    if (list.length) examine(() => folderFromInput(list, listing), list[0].webkitRelativePath.split("/")[0]).then(() => { event.target.value = ""; });
  };
  part("zip").onchange = (event) => {
    const [file] = event.target.files;
    if (file) examine(() => ZipSource.open(file), file.name).then(() => { event.target.value = ""; });
  };
  part("authorities").onchange = (event) => nameAnchors([...event.target.files]);
  part("known").oninput = compareFingerprint;
  part("print").onclick = () => window.print();
  const zone = part("choose");
  const stop = (event) => event.preventDefault();
  window.addEventListener("dragover", stop);
  window.addEventListener("drop", stop);
  zone.addEventListener("dragover", () => zone.classList.add("over"));
  zone.addEventListener("dragleave", () => zone.classList.remove("over"));
  zone.addEventListener("drop", (event) => {
    zone.classList.remove("over");
    openDropped([...event.dataTransfer.items].filter((item) => item.kind === "file"), event.dataTransfer.files);
  });
  window.addEventListener("beforeprint", () => {
    for (const details of document.querySelectorAll("#steps details")) details.open = true;
  });
}

start();
