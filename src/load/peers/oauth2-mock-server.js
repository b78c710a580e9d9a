// npm oauth2-mock-server as it comes: one RSA key, every access token a JWT.
//
// It takes any client, secret, code and refresh token, has no sign-in page, and
// its userinfo and introspection look at no token. What it answers there is not
// the work that is measured, so that only the documents and signed tokens are
// offered to the load test; all else stays empty in the table.

import { OAuth2Server } from "oauth2-mock-server";
import { announce } from "./profile.js";

const server = new OAuth2Server();
await server.issuer.keys.generate("RS256");
await server.start(Number(process.argv[2] ?? 0), "127.0.0.1");

announce({
  name: "oauth2-mock-server",
  issuer: server.issuer.url,
  signed: { RS256: { id: "machine", secret: "any", scope: "config" } },
});
