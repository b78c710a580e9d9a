// What `load` is told of a server: one line of JSON on standard output, once
// the server answers. The members are those of `Profile` in src/profile.rs.

export function announce(profile) {
  process.stdout.write(`${JSON.stringify({ ...profile, pid: process.pid })}\n`);
}
