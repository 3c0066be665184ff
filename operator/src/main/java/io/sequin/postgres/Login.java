package io.sequin.postgres;

import io.sequin.credentials.SecretValue;
import java.util.Optional;

/**
 * What a connection is opened with, as read at one moment.
 *
 * @param ca PEM bundle of trusted authorities
 */
public record Login(SecretValue username, SecretValue password, Optional<SecretValue> ca) {}
