// An SMTP server whose TLS is Go's crypto/tls: STARTTLS, then what a client says up to QUIT. It judges client
// certificates in the mode of its port and does nothing else with them.
//
//	smtpserver CERTIFICATE KEY ROOTS ADDRESS:PORT=MODE...
package main

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"os"
	"strings"
)

var modes = map[string]tls.ClientAuthType{
	"verify-if-given":    tls.VerifyClientCertIfGiven,
	"require-any":        tls.RequireAnyClientCert,
	"require-and-verify": tls.RequireAndVerifyClientCert,
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// talk answers each command; true when the client wants TLS now.
func talk(conn net.Conn, secure bool) bool {
	lines := bufio.NewScanner(conn)
	for lines.Scan() {
		verb := strings.ToUpper(strings.SplitN(lines.Text(), " ", 2)[0])
		switch {
		case verb == "QUIT":
			fmt.Fprint(conn, "221 2.0.0 bye\r\n")
			return false
		case verb == "EHLO" && !secure:
			fmt.Fprint(conn, "250-mx.receiver.example\r\n250 STARTTLS\r\n")
		case verb == "STARTTLS" && !secure:
			fmt.Fprint(conn, "220 2.0.0 ready\r\n")
			return true
		default:
			fmt.Fprint(conn, "250 2.0.0 ok\r\n")
		}
	}
	return false
}

func session(conn net.Conn, config *tls.Config) {
	defer conn.Close()
	fmt.Fprint(conn, "220 mx.receiver.example ESMTP\r\n")
	if !talk(conn, false) {
		return
	}
	secured := tls.Server(conn, config)
	if err := secured.Handshake(); err != nil {
		fmt.Println("handshake:", err)
		return
	}
	talk(secured, true)
}

func serve(where string, config *tls.Config) {
	listener, err := net.Listen("tcp", where)
	check(err)
	for {
		conn, err := listener.Accept()
		check(err)
		go session(conn, config)
	}
}

func main() {
	own, err := tls.LoadX509KeyPair(os.Args[1], os.Args[2])
	check(err)
	roots, err := os.ReadFile(os.Args[3])
	check(err)
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(roots)
	for _, word := range os.Args[4:] {
		at := strings.SplitN(word, "=", 2)
		go serve(at[0], &tls.Config{Certificates: []tls.Certificate{own}, ClientCAs: pool, ClientAuth: modes[at[1]]})
	}
	select {}
}
