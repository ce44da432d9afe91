-- Every step of a message, and every change at its end, against a session that refuses <bad@…> and changes the rest.
local function expect(what, got, wanted)
  if got ~= wanted then error(what .. ": got " .. tostring(got) .. ", wanted " .. tostring(wanted)) end
end
local function said(conn, what, wanted) expect(what, string.char(mt.getreply(conn)), wanted) end
local function ok(what, problem) if problem ~= nil then error(what .. ": " .. tostring(problem)) end end

local conn = mt.connect(socket, 40, 0.05)
if conn == nil then error("cannot connect to " .. socket) end
ok("negotiate", mt.negotiate(conn, nil, nil, nil))
for _, action in ipairs({ SMFIF_ADDHDRS, SMFIF_CHGBODY, SMFIF_ADDRCPT, SMFIF_DELRCPT, SMFIF_CHGHDRS, SMFIF_QUARANTINE }) do
  if not mt.test_action(conn, action) then error("an action was not asked for: " .. action) end
end

mt.macro(conn, SMFIC_CONNECT, "j", "mx.example.com", "{daemon_name}", "smtpd")
ok("conninfo", mt.conninfo(conn, "client.example.com", "192.0.2.7"))
said(conn, "conninfo", "c")
ok("helo", mt.helo(conn, "client.example.com"))
said(conn, "helo", "c")

for round = 1, 2 do
  mt.macro(conn, SMFIC_MAIL, "i", "MSG" .. round)
  ok("mailfrom", mt.mailfrom(conn, "<a@example.com>", "SIZE=100", "BODY=8BITMIME"))
  said(conn, "mailfrom", "c")
  ok("rcptto", mt.rcptto(conn, "<bad@army.ml>"))
  said(conn, "refused recipient", "y")
  ok("rcptto", mt.rcptto(conn, "<good@army.mil>", "NOTIFY=NEVER"))
  said(conn, "good recipient", "c")
  ok("data", mt.data(conn))
  said(conn, "data", "c")
  ok("header", mt.header(conn, "Subject", "hello"))
  ok("header", mt.header(conn, "X-Folded", "one\n\ttwo"))
  said(conn, "header", "c")
  ok("eoh", mt.eoh(conn))
  said(conn, "eoh", "c")
  ok("body", mt.bodystring(conn, "a line\r\n"))
  ok("body", mt.bodyrandom(conn, 200000))
  ok("eom", mt.eom(conn))
  said(conn, "eom", "c")

  for what, found in pairs({
    added = mt.eom_check(conn, MT_HDRADD, "X-Added", "MSG" .. round),
    inserted = mt.eom_check(conn, MT_HDRINSERT, "X-Inserted", "first", 0),
    changed = mt.eom_check(conn, MT_HDRCHANGE, "Subject", "changed"),
    deleted = mt.eom_check(conn, MT_HDRDELETE, "X-Gone"),
    recipient = mt.eom_check(conn, MT_RCPTADD, "<c@example.org>"),
    removed = mt.eom_check(conn, MT_RCPTDELETE, "<good@army.mil>"),
    body = mt.eom_check(conn, MT_BODYCHANGE, "replaced\r\n"),
    quarantine = mt.eom_check(conn, MT_QUARANTINE, "held"),
  }) do
    if not found then error("not seen at the end of the message: " .. what) end
  end
end

-- A message given up, and one after it over the same connection.
ok("mailfrom", mt.mailfrom(conn, "<a@example.com>"))
ok("abort", mt.abort(conn))
ok("mailfrom", mt.mailfrom(conn, "<>"))
ok("rcptto", mt.rcptto(conn, "<bad@army.ml>"))
said(conn, "refused after abort", "y")
ok("unknown", mt.unknown(conn, "FROB"))
said(conn, "unknown", "c")
ok("disconnect", mt.disconnect(conn))

-- A client of no known family, as with mail from a local command.
conn = mt.connect(socket)
ok("negotiate", mt.negotiate(conn, nil, nil, nil))
ok("conninfo", mt.conninfo(conn, "localhost", "unspec"))
said(conn, "conninfo of no family", "c")
ok("disconnect", mt.disconnect(conn))

-- An old MTA: version 2, its actions and steps alone.
conn = mt.connect(socket)
ok("negotiate", mt.negotiate(conn, 2, 63, 127))
ok("conninfo", mt.conninfo(conn, "old.example.com", "192.0.2.8"))
ok("mailfrom", mt.mailfrom(conn, "<a@example.com>"))
said(conn, "mailfrom of version 2", "c")
ok("disconnect", mt.disconnect(conn, false))
mt.echo("the script came to its end")
