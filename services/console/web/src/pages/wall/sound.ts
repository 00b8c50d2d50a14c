/** The bell of the wall: made by the browser, no file. A browser lets a page sound only after somebody has pressed something in it. */

const KEPT = 'beacontower.sound';
const BEEP_S = 0.22;
const GAP_S = 0.12;
/** Two pitches a fourth apart: heard over fans, and by ears that have lost the high ones. */
const PITCHES = { critical: [880, 660, 880, 660, 880, 660], major: [660, 880] } as const;

let context: AudioContext | undefined;

/** Whether sound was asked for, here, once. */
export function soundWanted(): boolean {
  return localStorage.getItem(KEPT) === 'on';
}

export function keepSoundWanted(wanted: boolean): void {
  localStorage.setItem(KEPT, wanted ? 'on' : 'off');
}

/** Wakes the sound; to be called from a press. True when it may be heard. */
export async function wakeSound(): Promise<boolean> {
  try {
    context ??= new AudioContext();
    if (context.state !== 'running') await Promise.race([context.resume(), new Promise((resolve) => setTimeout(resolve, 500))]);
    return context.state === 'running';
  } catch {
    return false;
  }
}

/** Rings. Nothing is heard when the sound sleeps. */
export function ring(severity: keyof typeof PITCHES): void {
  if (context?.state !== 'running') return;
  let at = context.currentTime + 0.02;
  for (const pitch of PITCHES[severity]) {
    const oscillator = context.createOscillator();
    const gain = context.createGain();
    oscillator.type = 'triangle';
    oscillator.frequency.value = pitch;
    // Without the slopes each beep begins and ends with a crack.
    gain.gain.setValueAtTime(0, at);
    gain.gain.linearRampToValueAtTime(0.5, at + 0.02);
    gain.gain.setValueAtTime(0.5, at + BEEP_S - 0.04);
    gain.gain.linearRampToValueAtTime(0, at + BEEP_S);
    oscillator.connect(gain).connect(context.destination);
    oscillator.start(at);
    oscillator.stop(at + BEEP_S);
    at += BEEP_S + GAP_S;
  }
}
