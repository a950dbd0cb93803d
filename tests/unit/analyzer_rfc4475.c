/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The torture messages of RFC 4475, each by the name that the RFC gives it, written anew from the
 * RFC's description of what tortures in it. What an element should answer is not what matters here,
 * but whether the message is one of a call, and of which: an invalid INVITE that gets its 400 is a
 * call that was refused. */
#include <stdio.h>
#include <string.h>

#include "tests/test.h"

#include "analyzer/sip.h"

typedef struct torture {
    const char *name;
    const char *text;
    rig_sip_verdict verdict;
    /* what must be read, when the verdict is RIG_SIP_OK: */
    rig_sip_method method;
    int code; /* 0: a request */
    uint32_t cseq;
    const char *call_id, *from_user, *from_tag, *to_tag, *branch;
} torture;

#define OK           RIG_SIP_OK
#define NOT          RIG_SIP_NOT
#define BAD          RIG_SIP_MALFORMED
#define NOTHING_READ RIG_SIP_OTHER, 0, 0, NULL, NULL, NULL, NULL, NULL

/* A message that tortures in its start line or in one header only. */
#define HEADS(cseq, id)                                                                            \
    "To: <sip:callee@example.com>\r\nFrom: <sip:caller@example.net>;tag=7\r\nCall-ID: " id         \
    "\r\nCSeq: " cseq "\r\nVia: SIP/2.0/UDP host.example.net;branch=z9hG4bK-" id                   \
    "\r\nMax-Forwards: 70\r\n"
#define READ(method, cseq, id) OK, RIG_SIP_##method, 0, cseq, id, "caller", "7", "", "z9hG4bK-" id

static const torture messages[] = {
    /* clang-format off */

    /* 3.1.1: valid */
    {"wsinv",
     "INVITE sip:vivekg@chair-dnrc.example.com;unknownparam SIP/2.0\r\n"
     "TO :\r\n sip:vivekg@chair-dnrc.example.com ;   tag    = 1918181833n\r\n"
     "from   : \"J Rosenberg \\\\\\\"\"       <sip:jdrosen@example.com>\r\n  ;\r\n  tag = 98asjd8\r\n"
     "MaX-fOrWaRdS: 0068\r\nCall-ID: wsinv.ndaksdj@192.0.2.1\r\nContent-Length   : 150\r\n"
     "cseq: 0009\r\n  INVITE\r\nVia  : SIP  /   2.0\r\n /UDP\r\n    192.0.2.2;branch=390skdjuw\r\n"
     "s :\r\nNewFangledHeader:   newfangled value\r\n continued newfangled value\r\n"
     "UnknownHeaderWithUnusualValue: ;;,,;;,;\r\nContent-Type: application/sdp\r\n"
     "Route:\r\n <sip:services.example.com;lr;unknownwith=value;unknown-no-value>\r\n"
     "v:  SIP  / 2.0  / TCP     spindle.example.com   ;\r\n"
     "  branch  =   z9hG4bK9ikj8  ,\r\n SIP  /    2.0   / UDP  192.168.255.111   ; branch=\r\n"
     " z9hG4bK30239\r\nm:\"Quoted string \\\"\\\"\" <sip:jdrosen@example.com> ; newparam =\r\n"
     "      newvalue ;\r\n  secondparam ; q = 0.33\r\n\r\nv=0\r\n",
     OK, RIG_SIP_INVITE, 0, 9, "wsinv.ndaksdj@192.0.2.1", "jdrosen", "98asjd8", "1918181833n",
     "390skdjuw"},
    {"intmeth",
     "!interesting-Method0123456789_*+`.%indeed'~ sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/"
     ";;*:&it+has=1,weird!*pas$wo~d_too.(doesn't-it)@example.com SIP/2.0\r\n"
     "Via: SIP/2.0/TCP host1.example.com;branch=z9hG4bK-.!%66*_+`'~\r\n"
     "To: \"BEL:\\\a NUL:\\\x01 DEL:\\\x7f\" <sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*"
     "@example.com>\r\n"
     "From: token1~` token2'+_ token3*%!.- <sip:mundane@example.com>;fromParam''~+*_!.-%="
     "\"\xd1\x80\xd0\xb0\";tag=_token~1'+`*%!-.\r\n"
     "Call-ID: intmeth.word%ZK-!.*_+'@word`~)(><:\\/\"][?}{\r\n"
     "CSeq: 139122385 !interesting-Method0123456789_*+`.%indeed'~\r\nMax-Forwards: 255\r\n"
     "extensionHeader-!.%*+_`'~:\xef\xbb\xbf\xe5\xa4\xa7\r\nContent-Length: 0\r\n\r\n",
     OK, RIG_SIP_OTHER, 0, 139122385, "intmeth.word%ZK-!.*_+'@word`~)(><:\\/\"][?}{", "mundane",
     "_token~1'+`*%!-.", "", "z9hG4bK-.!%66*_+`'~"},
    {"esc01",
     "INVITE sip:sips%3Auser%40example.com@example.net SIP/2.0\r\nTo: sip:%75se%72@example.com\r\n"
     "From: <sip:I%20have%20spaces@example.net>;tag=938\r\nMax-Forwards: 87\r\ni: esc01.239409\r\n"
     "CSeq: 234234 INVITE\r\nVia: SIP/2.0/UDP host5.example.net;branch=z9hG4bKkdjuw\r\n"
     "C: application/sdp\r\nl: 0\r\n\r\n",
     OK, RIG_SIP_INVITE, 0, 234234, "esc01.239409", "I%20have%20spaces", "938", "",
     "z9hG4bKkdjuw"},
    {"escnull",
     "REGISTER sip:example.com SIP/2.0\r\nTo: sip:null-%00-null@example.com\r\n"
     "From: sip:null-%00-null@example.com;tag=839923423\r\nMax-Forwards: 70\r\n"
     "Call-ID: escnull.39203ndfvkjdasfkq3w4otrq0adsfdfnavd\r\nCSeq: 14398234 REGISTER\r\n"
     "Via: SIP/2.0/UDP host5.example.com;branch=z9hG4bKkdjuw\r\nContact: <sip:%00@host5.example.com>"
     "\r\nL:0\r\n\r\n",
     OK, RIG_SIP_REGISTER, 0, 14398234, "escnull.39203ndfvkjdasfkq3w4otrq0adsfdfnavd",
     "null-%00-null", "839923423", "", "z9hG4bKkdjuw"},
    {"esc02",
     "RE%47IST%45R sip:registrar.example.com SIP/2.0\r\nTo: \"%Z%45\" <sip:resource@example.com>\r\n"
     "From: \"%Z%45\" <sip:resource@example.com>;tag=f232jadfj23\r\nCall-ID: esc02.asdfnqwo34rq23i3\r\n"
     "Via: SIP/2.0/TCP host.example.com;branch=z9hG4bK209%fzsnel234\r\nCSeq: 29344 RE%47IST%45R\r\n"
     "Max-Forwards: 70\r\nl: 0\r\n\r\n",
     OK, RIG_SIP_OTHER, 0, 29344, "esc02.asdfnqwo34rq23i3", "resource", "f232jadfj23", "",
     "z9hG4bK209%fzsnel234"}, /* a method of its own, not REGISTER */
    {"lwsdisp",
     "OPTIONS sip:user@example.com SIP/2.0\r\nTo: sip:user@example.com\r\n"
     "From: caller<sip:caller@example.com>;tag=323\r\nMax-Forwards: 70\r\nCall-ID: lwsdisp.1234abcd\r\n"
     "CSeq: 60 OPTIONS\r\nVia: SIP/2.0/UDP funky.example.com;branch=z9hG4bKkdjuw\r\nl: 0\r\n\r\n",
     OK, RIG_SIP_OPTIONS, 0, 60, "lwsdisp.1234abcd", "caller", "323", "", "z9hG4bKkdjuw"},
    {"dblreq",
     "REGISTER sip:example.com SIP/2.0\r\n" HEADS("8 REGISTER", "dblreq.0ha0isndaksdj99sdfafnl3lk2")
     "Content-Length: 0\r\n\r\nINVITE sip:joe@example.com SIP/2.0\r\n" HEADS("8 INVITE", "second")
     "Content-Length: 0\r\n\r\n",
     READ(REGISTER, 8, "dblreq.0ha0isndaksdj99sdfafnl3lk2")}, /* and the rest is none */
    {"semiuri",
     "OPTIONS sip:user;par=u%40example.net@example.com SIP/2.0\r\n" HEADS("8 OPTIONS", "semiuri.0ha0")
     "l: 0\r\n\r\n", READ(OPTIONS, 8, "semiuri.0ha0")},
    {"transports",
     "OPTIONS sip:user@example.com SIP/2.0\r\n" HEADS("60 OPTIONS", "transports.kijh4akdnaqjkwendsasfdj")
     "Via: SIP/2.0/SCTP t2.example.com;branch=z9hG4bKklasjdhf\r\n"
     "Via: SIP/2.0/UNKNOWN t4.example.com;branch=z9hG4bKasd0f3en\r\nl: 0\r\n\r\n",
     READ(OPTIONS, 60, "transports.kijh4akdnaqjkwendsasfdj")},
    {"mpart01",
     "MESSAGE sip:kumiko@example.org SIP/2.0\r\n" HEADS("127753 MESSAGE", "mpart01.3d9485ad0c49859b")
     "Content-Type: multipart/mixed;boundary=7a9cbec02ceef655\r\nContent-Length: 60\r\n\r\n"
     "--7a9cbec02ceef655\r\nCall-ID: of.the.body\r\n\r\nHello\r\n\x01\x02\xff\r\n",
     READ(MESSAGE, 127753, "mpart01.3d9485ad0c49859b")},
    {"unreason",
     "SIP/2.0 200 = 2**3 * 5**2 \xd0\xbd\xd0\xbe \xd1\x81\xd1\x82\xd0\xbe - \xd0\xbf\xd1\x80\r\n"
     "Via: SIP/2.0/UDP 192.0.2.198;branch=z9hG4bK1324923\r\nCall-ID: unreason.1234ksdfak3j2erwedfsASdf\r\n"
     "CSeq: 35 INVITE\r\nFrom: sip:user@example.com;tag=11141343\r\nTo: sip:user@example.edu;tag=2229\r\n"
     "Content-Length: 0\r\n\r\n",
     OK, RIG_SIP_INVITE, 200, 35, "unreason.1234ksdfak3j2erwedfsASdf", "user", "11141343", "2229",
     "z9hG4bK1324923"},
    {"noreason",
     "SIP/2.0 100 \r\nVia: SIP/2.0/UDP 192.0.2.105;branch=z9hG4bK2398ndaoe\r\n"
     "Call-ID: noreason.asndj203insdf99223ndf\r\nCSeq: 35 INVITE\r\n"
     "From: <sip:user@example.com>;tag=39ansfi3\r\nTo: <sip:user@example.edu>;tag=902jndnke3\r\n"
     "Content-Length: 0\r\n\r\n",
     OK, RIG_SIP_INVITE, 100, 35, "noreason.asndj203insdf99223ndf", "user", "39ansfi3", "902jndnke3",
     "z9hG4bK2398ndaoe"},

    /* 3.1.2: invalid */
    {"badinv01",
     "INVITE sip:user@example.com SIP/2.0\r\nTo: sip:j.user@example.com\r\n"
     "From: sip:caller@example.net;tag=134161461246\r\nMax-Forwards: 7\r\n"
     "Call-ID: badinv01.0ha0isndaksdjasdf3234nas\r\nCSeq: 8 INVITE\r\n"
     "Via: SIP/2.0/UDP 192.0.2.15;;,;,,\r\nContact: \"Joe\" <sip:joe@example.org>;;;;\r\n\r\n",
     OK, RIG_SIP_INVITE, 0, 8, "badinv01.0ha0isndaksdjasdf3234nas", "caller", "134161461246", "", ""},
    {"clerr",
     "INVITE sip:user@example.com SIP/2.0\r\n" HEADS("8 INVITE", "clerr.0ha0isndaksdjweiafasdk3")
     "Content-Length: 9999\r\n\r\nv=0\r\n", READ(INVITE, 8, "clerr.0ha0isndaksdjweiafasdk3")},
    {"ncl",
     "INVITE sip:user@example.com SIP/2.0\r\n" HEADS("8 INVITE", "ncl.0ha0isndaksdj2193423r542w35")
     "Content-Length: -999\r\n\r\nv=0\r\n", READ(INVITE, 8, "ncl.0ha0isndaksdj2193423r542w35")},
    {"scalar02",
     "REGISTER sip:example.com SIP/2.0\r\n" HEADS("36893488147419103232 REGISTER", "scalar02.23o0pd9v")
     "Max-Forwards: 300\r\nExpires: 1000000000000000000000000000000\r\n\r\n", BAD, NOTHING_READ},
    {"scalarlg",
     "SIP/2.0 503 Service Unavailable\r\n" HEADS("9292394834772304023312 OPTIONS", "scalarlg.noase0of0")
     "Retry-After: 949302838503028349304023988\r\n\r\n", BAD, NOTHING_READ},
    {"quotbal",
     "INVITE sip:user@example.com SIP/2.0\r\nTo: \"Mr. J. User <sip:j.user@example.com>\r\n"
     "From: sip:caller@example.net;tag=93334\r\nMax-Forwards: 10\r\nCall-ID: quotbal.aksdj\r\n"
     "CSeq: 8 INVITE\r\nVia: SIP/2.0/UDP 192.0.2.59:5050;branch=z9hG4bKkdjuw39234\r\n\r\n",
     OK, RIG_SIP_INVITE, 0, 8, "quotbal.aksdj", "caller", "93334", "", "z9hG4bKkdjuw39234"},
    {"ltgtruri",
     "INVITE <sip:user@example.com> SIP/2.0\r\n" HEADS("1 INVITE", "ltgtruri.1@192.0.2.5") "\r\n",
     READ(INVITE, 1, "ltgtruri.1@192.0.2.5")},
    {"lwsruri",
     "INVITE sip:user@example.com; lr SIP/2.0\r\n" HEADS("1 INVITE", "lwsruri.asdfasdoeoi2323") "\r\n",
     READ(INVITE, 1, "lwsruri.asdfasdoeoi2323")},
    {"lwsstart",
     "INVITE  sip:user@example.com  SIP/2.0\r\n" HEADS("1893884 INVITE", "lwsstart.dfknq234oi243099") "\r\n",
     READ(INVITE, 1893884, "lwsstart.dfknq234oi243099")},
    {"trws",
     "OPTIONS sip:remote-target@example.com SIP/2.0  \r\n" HEADS("238923 OPTIONS", "trws.oicu34958239") "\r\n",
     READ(OPTIONS, 238923, "trws.oicu34958239")},
    {"escruri",
     "INVITE sip:user@example.com?Route=%3Csip:example.com%3E SIP/2.0\r\n"
     HEADS("149209342 INVITE", "escruri.23940-asdfhj") "\r\n", READ(INVITE, 149209342, "escruri.23940-asdfhj")},
    {"baddate",
     "INVITE sip:user@example.com SIP/2.0\r\n" HEADS("2234923 INVITE", "baddate.239423mnsadf3j")
     "Date: Fri, 01 Jan 2010 16:00:00 EST\r\n\r\n", READ(INVITE, 2234923, "baddate.239423mnsadf3j")},
    {"regbadct",
     "REGISTER sip:example.com SIP/2.0\r\n" HEADS("9338 REGISTER", "regbadct.k345asrl3fdbv")
     "Contact: sip:user@example.com?Route=%3Csip:sip.example.com%3E\r\n\r\n",
     READ(REGISTER, 9338, "regbadct.k345asrl3fdbv")},
    {"badaspec",
     "OPTIONS sip:user@example.org SIP/2.0\r\nVia: SIP/2.0/UDP host4.example.com:5060;branch=z9hG4bKkdju43\r\n"
     "Max-Forwards: 70\r\nFrom: \"Bell, Alexander\" <sip:a.g.bell@example.com>;tag=433423\r\n"
     "To: \"Watson, Thomas\" < sip:t.watson@example.org >\r\nCall-ID: badaspec.sdf0234n2nds0a099u23\r\n"
     "CSeq: 3923423 OPTIONS\r\nl: 0\r\n\r\n",
     OK, RIG_SIP_OPTIONS, 0, 3923423, "badaspec.sdf0234n2nds0a099u23", "a.g.bell", "433423", "",
     "z9hG4bKkdju43"},
    {"baddn",
     "OPTIONS sip:t.watson@example.org SIP/2.0\r\nVia: SIP/2.0/UDP c.example.com:5060;branch=z9hG4bKkdjuw\r\n"
     "Max-Forwards: 70\r\nFrom: Bell, Alexander <sip:a.g.bell@example.com>;tag=43\r\n"
     "To: Watson, Thomas <sip:t.watson@example.org>\r\nCall-ID: baddn.31415@c.example.com\r\n"
     "CSeq: 3923239 OPTIONS\r\nl: 0\r\n\r\n",
     OK, RIG_SIP_OPTIONS, 0, 3923239, "baddn.31415@c.example.com", "a.g.bell", "43", "", "z9hG4bKkdjuw"},
    {"badvers",
     "OPTIONS sip:t.watson@example.org SIP/7.0\r\n" HEADS("1 OPTIONS", "badvers.31417") "\r\n",
     NOT, NOTHING_READ},
    {"mismatch01",
     "OPTIONS sip:user@example.com SIP/2.0\r\n" HEADS("8 INVITE", "mismatch01.dj0234sxdfl3") "\r\n",
     BAD, NOTHING_READ},
    {"mismatch02",
     "NEWMETHOD sip:user@example.com SIP/2.0\r\n" HEADS("8 INVITE", "mismatch02.dj0234sxdfl3") "\r\n",
     BAD, NOTHING_READ},
    {"bigcode",
     "SIP/2.0 4294967301 better not break the receiver\r\n" HEADS("353494 INVITE", "bigcode.asdof3")
     "\r\n", NOT, NOTHING_READ},

    /* 3.2: transactions */
    {"badbranch",
     "OPTIONS sip:user@example.com SIP/2.0\r\nTo: sip:user@example.com\r\n"
     "From: sip:caller@example.org;tag=33242\r\nMax-Forwards: 3\r\n"
     "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK\r\nl: 0\r\nCall-ID: badbranch.sadonfo23i420jv0as0derf3j3n\r\n"
     "CSeq: 8 OPTIONS\r\n\r\n",
     OK, RIG_SIP_OPTIONS, 0, 8, "badbranch.sadonfo23i420jv0as0derf3j3n", "caller", "33242", "", "z9hG4bK"},

    /* 3.3: applications */
    {"insuf",
     "INVITE sip:user@example.com SIP/2.0\r\nCSeq: 193942 INVITE\r\n"
     "Via: SIP/2.0/UDP 192.0.2.95;branch=z9hG4bKkdj.insuf\r\nContent-Type: application/sdp\r\nl: 0\r\n\r\n",
     BAD, NOTHING_READ},
    {"unkscm",
     "OPTIONS nobodyKnowsThisScheme:totallyopaquecontent SIP/2.0\r\n" HEADS("3923423 OPTIONS", "unkscm.nasdfasser0q239")
     "\r\n", READ(OPTIONS, 3923423, "unkscm.nasdfasser0q239")},
    {"novelsc",
     "OPTIONS soap.beep://192.0.2.103:3002 SIP/2.0\r\n" HEADS("3923423 OPTIONS", "novelsc.asdfasser0q239nwsdfasdkl34")
     "\r\n", READ(OPTIONS, 3923423, "novelsc.asdfasser0q239nwsdfasdkl34")},
    {"unksm2",
     "REGISTER sip:example.com SIP/2.0\r\nTo: isbn:2983792873\r\nFrom: <http://www.example.com>;tag=3234233\r\n"
     "Call-ID: unksm2.daksdj@hyphenated-host.example.com\r\nCSeq: 234902 REGISTER\r\nMax-Forwards: 70\r\n"
     "Via: SIP/2.0/UDP 192.0.2.21:5060;branch=z9hG4bKkdjuw\r\nl: 0\r\n\r\n",
     OK, RIG_SIP_REGISTER, 0, 234902, "unksm2.daksdj@hyphenated-host.example.com", "", "3234233", "",
     "z9hG4bKkdjuw"},
    {"bext01",
     "OPTIONS sip:user@example.com SIP/2.0\r\n" HEADS("8 OPTIONS", "bext01.0ha0isndaksdj")
     "Require: nothingSupportsThis, nothingSupportsThisEither\r\nProxy-Require: noProxiesSupportThis\r\n\r\n",
     READ(OPTIONS, 8, "bext01.0ha0isndaksdj")},
    {"invut",
     "INVITE sip:user@example.com SIP/2.0\r\n" HEADS("8 INVITE", "invut.0ha0isndaksdjadsfij34n23d")
     "Content-Type: application/unknownformat\r\nContent-Length: 4\r\n\r\n<a/>",
     READ(INVITE, 8, "invut.0ha0isndaksdjadsfij34n23d")},
    {"regaut01",
     "REGISTER sip:example.com SIP/2.0\r\n" HEADS("9338 REGISTER", "regaut01.0ha0isndaksdj")
     "Authorization: NoOneKnowsThisScheme opaque-data=here\r\n\r\n", READ(REGISTER, 9338, "regaut01.0ha0isndaksdj")},
    {"multi01",
     "INVITE sip:user@company.com SIP/2.0\r\n" HEADS("5 INVITE", "multi01.98asdh@192.0.2.1")
     "CSeq: 59 INVITE\r\nCall-ID: multi01.98asdh@192.0.2.2\r\nFrom: sip:other@example.net;tag=3413415\r\n"
     "To: sip:other@example.net;tag=2923420123\r\nContent-Length: 5\r\nl: 6\r\n\r\nv=0\r\n",
     READ(INVITE, 5, "multi01.98asdh@192.0.2.1")}, /* the first of each */
    {"mcl01",
     "OPTIONS sip:user@example.com SIP/2.0\r\n" HEADS("8 OPTIONS", "mcl01.fasdfnlks")
     "Content-Length: 13\r\nContent-Length: 5\r\n\r\nThere's no way to know how many octets are "
     "supposed to be here.\r\n", READ(OPTIONS, 8, "mcl01.fasdfnlks")},
    {"bcast",
     "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 192.0.2.198;branch=z9hG4bK1324923\r\n"
     "Via: SIP/2.0/UDP 255.255.255.255;branch=z9hG4bK1saber23\r\nCall-ID: bcast.0384840201234ksdfak3j2erwedfsASdf\r\n"
     "CSeq: 35 INVITE\r\nFrom: sip:user@example.com;tag=11141343\r\nTo: sip:user@example.edu;tag=2229\r\n\r\n",
     OK, RIG_SIP_INVITE, 200, 35, "bcast.0384840201234ksdfak3j2erwedfsASdf", "user", "11141343", "2229",
     "z9hG4bK1324923"},
    {"zeromf",
     "OPTIONS sip:user@example.com SIP/2.0\r\n" HEADS("39234321 OPTIONS", "zeromf.jfasdlfnm2o2l43r5u0asdfas")
     "Max-Forwards: 0\r\n\r\n", READ(OPTIONS, 39234321, "zeromf.jfasdlfnm2o2l43r5u0asdfas")},
    {"cparam01",
     "REGISTER sip:example.com SIP/2.0\r\n" HEADS("2 REGISTER", "cparam01.70710@saturn.example.com")
     "Contact: sip:+19725552222@gw1.example.net;unknownparam\r\n\r\n",
     READ(REGISTER, 2, "cparam01.70710@saturn.example.com")},
    {"cparam02",
     "REGISTER sip:example.com SIP/2.0\r\n" HEADS("3 REGISTER", "cparam02.70710@saturn.example.com")
     "Contact: <sip:+19725552222@gw1.example.net;unknownparam>\r\n\r\n",
     READ(REGISTER, 3, "cparam02.70710@saturn.example.com")},
    {"regescrt",
     "REGISTER sip:example.com SIP/2.0\r\n" HEADS("14398234 REGISTER", "regescrt.k345asrl3fdbv@192.0.2.1")
     "M: <sip:user@example.com?Route=%3Csip:sip.example.com%3E>\r\nL:0\r\n\r\n",
     READ(REGISTER, 14398234, "regescrt.k345asrl3fdbv@192.0.2.1")},
    {"sdp01",
     "INVITE sip:user@example.com SIP/2.0\r\n" HEADS("193942 INVITE", "sdp01.ndaksdj9342dasdd")
     "Accept: text/nobodyKnowsThis\r\nContent-Length: 5\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n",
     READ(INVITE, 193942, "sdp01.ndaksdj9342dasdd")},

    /* 3.4: from before RFC 3261 */
    {"inv2543",
     "INVITE sip:UserB@example.com SIP/2.0\r\nVia: SIP/2.0/UDP iftgw.example.com\r\n"
     "From: <sip:+13035551111@ift.client.example.net;user=phone>\r\n"
     "Record-Route: <sip:UserB@example.com;maddr=ss1.example.com>\r\nTo: sip:+16505552222@ss1.example.net;user=phone\r\n"
     "Call-ID: inv2543.1717@ift.client.example.com\r\nCSeq: 56 INVITE\r\nContent-Type: application/sdp\r\n\r\n",
     OK, RIG_SIP_INVITE, 0, 56, "inv2543.1717@ift.client.example.com", "+13035551111", "", "", ""},
    /* clang-format on */
};

static void assert_slice(const char *name, const char *what, rig_slice got, const char *expected)
{
    if (!rig_slice_is(got, expected))
        fail_msg("%s: %s is \"%.*s\"; expected \"%s\"", name, what, (int)got.n,
                 got.n > 0 ? got.p : "", expected);
}

static void check(const torture *t, const rig_sip_wanted *wanted)
{
    rig_sip sip;
    rig_sip_verdict got = rig_sip_parse(rig_slice_of(t->text), false, wanted, &sip);
    if (got != t->verdict)
        fail_msg("%s: verdict %d; expected %d", t->name, (int)got, (int)t->verdict);
    if (got != RIG_SIP_OK)
        return;
    if (sip.method != t->method || sip.code != t->code || sip.cseq != t->cseq)
        fail_msg("%s: method %d, code %d, CSeq %u", t->name, (int)sip.method, sip.code, sip.cseq);
    assert_slice(t->name, "the Call-ID", sip.call_id, t->call_id);
    assert_slice(t->name, "the From user", rig_sip_from_user(&sip), t->from_user);
    assert_slice(t->name, "the From tag", sip.from_tag, t->from_tag);
    assert_slice(t->name, "the To tag", sip.to_tag, t->to_tag);
    assert_slice(t->name, "the branch", sip.via_branch, t->branch);
}

static void test_torture(void **state)
{
    (void)state;
    static const rig_sip_wanted nothing = {.n = 0};
    for (size_t i = 0; i < sizeof messages / sizeof messages[0]; i++) {
        check(&messages[i], NULL);
        check(&messages[i], &nothing); /* which reads no further than it needs */
    }
}

/* 3.1.1.7, longreq: values so long that buffers of a habitual size would not do. */
static void test_longreq(void **state)
{
    (void)state;
    static char text[30000];
    static char pad[3000], id[2000], tag[1500];
    memset(pad, 'a', sizeof pad - 1);
    memset(id, 'l', sizeof id - 1);
    memset(tag, 't', sizeof tag - 1);
    snprintf(text, sizeof text,
             "INVITE sip:user@example.com SIP/2.0\r\nTo: \"I have a user name of %s proportion\" "
             "<sip:user@example.com:6000;unknownparam1=%s;long%s=name>\r\n"
             "F: sip:%s@example.net;tag=%s\r\nCall-ID: longreq.%s\r\nCSeq: 3882340 INVITE\r\n"
             "Unknown-%s-Name: unknown-%s-value\r\n"
             "Via: SIP/2.0/TCP sip33.example.com;branch=z9hG4bK%s\r\nMax-Forwards: 70\r\n\r\n",
             pad, pad, pad, pad, tag, id, pad, pad, tag);
    rig_sip sip;
    assert_int_equal(rig_sip_parse(rig_slice_of(text), false, NULL, &sip), RIG_SIP_OK);
    assert_int_equal(sip.call_id.n, strlen("longreq.") + sizeof id - 1);
    assert_int_equal(sip.from_tag.n, sizeof tag - 1);
    assert_int_equal(rig_sip_from_user(&sip).n, sizeof pad - 1);
    assert_int_equal(sip.via_branch.n, strlen("z9hG4bK") + sizeof tag - 1);
    assert_int_equal(sip.cseq, 3882340);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_torture),
        cmocka_unit_test(test_longreq),
    };
    return cmocka_run_group_tests_name("analyzer_rfc4475", tests, NULL, NULL);
}
