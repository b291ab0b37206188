// Has the tile of the sources say what the doctor finds, where it would else send to the doctor.

export async function tellDoctor(link) {
  if (!link) return;
  const answer = await fetch(link.dataset.doctor, { headers: { Accept: "application/json" } });
  if (!answer.ok) return; // the link asks again, and tells why not
  const { findings } = await answer.json();
  const faults = findings.filter((each) => each.severity === "fault").length;
  link.textContent = faults ? `the doctor: ${faults} fault${faults === 1 ? "" : "s"}` : "the doctor: no fault";
  link.classList.toggle("ill", faults > 0);
}
