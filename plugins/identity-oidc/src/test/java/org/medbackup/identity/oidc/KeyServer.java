package org.medbackup.identity.oidc;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.TrustManagerFactory;
import org.medbackup.testkit.TlsIdentity;

/** Serves the keys of a provider over HTTPS on loopback. */
final class KeyServer implements AutoCloseable {

    private final SSLServerSocket socket;
    private final SSLContext trusting;
    private final String keys;
    private final Thread thread;

    KeyServer(Path folder, String keys) throws IOException, GeneralSecurityException {
        TlsIdentity identity = TlsIdentity.of(Files.createDirectories(folder), "CN=localhost");
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream stream = Files.newInputStream(identity.store())) {
            store.load(stream, TlsIdentity.PASSWORD.toCharArray());
        }
        var own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(store, TlsIdentity.PASSWORD.toCharArray());
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("server", store.getCertificate("me"));
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        this.trusting = SSLContext.getInstance("TLS");
        trusting.init(own.getKeyManagers(), trust.getTrustManagers(), null);
        this.keys = keys;
        this.socket = (SSLServerSocket)
                trusting.getServerSocketFactory().createServerSocket(0, 8, InetAddress.getLoopbackAddress());
        this.thread = Thread.ofPlatform().start(this::serve);
    }

    SSLContext trusting() {
        return trusting;
    }

    String address(String path) {
        return "https://localhost:" + socket.getLocalPort() + path;
    }

    private void serve() {
        while (!socket.isClosed()) {
            try (Socket call = socket.accept()) {
                answer(call);
            } catch (IOException ended) {
                // A caller that went away, or the end.
            }
        }
    }

    private void answer(Socket call) throws IOException {
        var in = new BufferedReader(new InputStreamReader(call.getInputStream(), StandardCharsets.US_ASCII));
        String first = String.valueOf(in.readLine());
        for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
            // The rest of the request says nothing that matters.
        }
        boolean known = first.startsWith("GET /keys ");
        byte[] body = (known ? keys : "").getBytes(StandardCharsets.UTF_8);
        String head = "HTTP/1.1 " + (known ? "200 OK" : "404 Not Found") + "\r\nContent-Length: " + body.length
                + "\r\nConnection: close\r\n\r\n";
        call.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
        call.getOutputStream().write(body);
        call.getOutputStream().flush();
    }

    @Override
    public void close() throws IOException {
        socket.close();
        try {
            thread.join();
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }
}
