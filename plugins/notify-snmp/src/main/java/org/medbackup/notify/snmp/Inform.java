package org.medbackup.notify.snmp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.medbackup.core.Secret;
import org.medbackup.core.TimeSource;
import org.medbackup.core.spi.notify.Notification;
import org.medbackup.core.spi.notify.NotificationChannel;
import org.medbackup.notify.common.ChannelOptions;
import org.medbackup.notify.common.LostConnection;
import org.medbackup.notify.common.TimeLimit;
import org.snmp4j.MessageDispatcherImpl;
import org.snmp4j.PDU;
import org.snmp4j.ScopedPDU;
import org.snmp4j.Snmp;
import org.snmp4j.UserTarget;
import org.snmp4j.mp.CounterSupport;
import org.snmp4j.mp.MPv3;
import org.snmp4j.mp.SnmpConstants;
import org.snmp4j.security.AuthHMAC128SHA224;
import org.snmp4j.security.AuthHMAC192SHA256;
import org.snmp4j.security.AuthHMAC256SHA384;
import org.snmp4j.security.AuthHMAC384SHA512;
import org.snmp4j.security.AuthenticationProtocol;
import org.snmp4j.security.PrivAES128;
import org.snmp4j.security.PrivAES192;
import org.snmp4j.security.PrivAES256;
import org.snmp4j.security.PrivacyProtocol;
import org.snmp4j.security.SecurityLevel;
import org.snmp4j.security.SecurityModel;
import org.snmp4j.security.SecurityModels;
import org.snmp4j.security.SecurityProtocols;
import org.snmp4j.security.USM;
import org.snmp4j.security.UsmUser;
import org.snmp4j.smi.OctetString;
import org.snmp4j.smi.TimeTicks;
import org.snmp4j.smi.UdpAddress;
import org.snmp4j.smi.VariableBinding;
import org.snmp4j.transport.DefaultUdpTransportMapping;
import org.snmp4j.util.DefaultPDUFactory;

/**
 * INFORM requests of SNMPv3 (RFC 3416, 4.2.7) with authentication and privacy (RFC 3414, 3826, 7860). The receiver
 * acknowledges each, unlike a trap. It is the authoritative engine: its id and its clock are asked for each time.
 */
final class Inform implements NotificationChannel {

    private static final int PORT = 162;
    private static final int SHORTEST = 8;
    private static final int RETRIES = 2;

    private static final Map<String, Supplier<AuthenticationProtocol>> AUTH = Map.of(
            "sha-224", AuthHMAC128SHA224::new,
            "sha-256", AuthHMAC192SHA256::new,
            "sha-384", AuthHMAC256SHA384::new,
            "sha-512", AuthHMAC384SHA512::new);
    private static final Map<String, Supplier<PrivacyProtocol>> PRIV =
            Map.of("aes-128", PrivAES128::new, "aes-192", PrivAES192::new, "aes-256", PrivAES256::new);

    private final String host;
    private final int port;
    private final Duration limit;
    private final String user;
    private final Supplier<AuthenticationProtocol> auth;
    private final Supplier<PrivacyProtocol> priv;
    private final Secret authPassword;
    private final Secret privPassword;
    private final TimeSource time;
    private final long opened;

    Inform(ChannelOptions options, TimeSource time) {
        URI server = options.server();
        this.host = server.getHost();
        this.port = options.port(PORT);
        this.limit = options.limit();
        this.user = options.text("user", "");
        if (user.length() > 32) {
            throw ChannelOptions.invalid("user has at most 32 characters");
        }
        this.auth = Objects.requireNonNull(AUTH.get(options.word("auth", "sha-256", AUTH.keySet())));
        this.priv = Objects.requireNonNull(PRIV.get(options.word("priv", "aes-128", PRIV.keySet())));
        this.authPassword = password(options, "authPassword");
        this.privPassword = password(options, "privPassword");
        this.time = time;
        this.opened = time.nanos();
    }

    private static Secret password(ChannelOptions options, String name) {
        Secret secret = Objects.requireNonNull(options.secret(name));
        if (secret.length() < SHORTEST) {
            throw ChannelOptions.invalid(name + " has at least " + SHORTEST + " bytes");
        }
        return secret;
    }

    @Override
    public String description() {
        return "SNMP at " + host + ":" + port;
    }

    @Override
    public String send(Notification notification) {
        ScopedPDU inform = pdu(notification);
        return TimeLimit.within(limit, () -> {
            try (Snmp snmp = session()) {
                return Acknowledgement.of(snmp.send(inform, target()));
            } catch (IOException failed) {
                throw LostConnection.as(failed);
            }
        });
    }

    private ScopedPDU pdu(Notification notification) {
        var inform = new ScopedPDU();
        inform.setType(PDU.INFORM);
        inform.add(new VariableBinding(
                SnmpConstants.sysUpTime, new TimeTicks(time.since(opened).toMillis() / 10)));
        inform.add(new VariableBinding(SnmpConstants.snmpTrapOID, Bindings.type(notification.kind())));
        Bindings.of(notification).forEach(inform::add);
        return inform;
    }

    private Snmp session() throws IOException {
        // A collection of its own, since the library's is one for the whole process; with what is used and no more.
        var protocols = new SecurityProtocols(SecurityProtocols.SecurityProtocolSet.maxSecurity);
        protocols.removeAll();
        protocols.addAuthenticationProtocol(auth.get());
        protocols.addPrivacyProtocol(priv.get());
        byte[] engine = MPv3.createLocalEngineID();
        var usm = new USM(protocols, new OctetString(engine), 0);
        usm.addUser(new UsmUser(
                new OctetString(user),
                auth.get().getID(),
                authPassword.use(OctetString::new),
                priv.get().getID(),
                privPassword.use(OctetString::new)));
        var dispatcher = new MessageDispatcherImpl();
        dispatcher.addMessageProcessingModel(new MPv3(
                engine,
                new DefaultPDUFactory(),
                protocols,
                SecurityModels.getCollection(new SecurityModel[] {usm}),
                CounterSupport.getInstance()));
        var snmp = new Snmp(dispatcher, new DefaultUdpTransportMapping());
        try {
            snmp.listen();
            return snmp;
        } catch (IOException failed) {
            snmp.close();
            throw failed;
        }
    }

    private UserTarget<UdpAddress> target() throws IOException {
        var target = new UserTarget<UdpAddress>();
        target.setAddress(new UdpAddress(InetAddress.getByName(host), port));
        target.setVersion(SnmpConstants.version3);
        target.setSecurityLevel(SecurityLevel.AUTH_PRIV);
        target.setSecurityName(new OctetString(user));
        // All attempts end before the limit.
        target.setRetries(RETRIES);
        target.setTimeout(limit.toMillis() / (RETRIES + 2));
        return target;
    }

    @Override
    public void close() {
        // Each notification has closed its session.
    }
}
