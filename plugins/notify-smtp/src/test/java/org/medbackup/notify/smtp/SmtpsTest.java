package org.medbackup.notify.smtp;

/** Mail over TLS from its first byte, with GreenMail. */
class SmtpsTest extends SmtpContract {

    @Override
    String kind() {
        return "smtps";
    }
}
