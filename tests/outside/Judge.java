// Judges certificates by BouncyCastle: path, dates, lists (whole and delta). Prints a line a file: its
// name and OK, or its name and why not. Arguments: root, subordinate, lists with colons between, then
// the certificates.
import java.io.FileInputStream;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.Security;
import java.security.cert.CertPath;
import java.security.cert.CertPathValidator;
import java.security.cert.CertStore;
import java.security.cert.CertificateFactory;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.bouncycastle.jcajce.PKIXExtendedParameters;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

public final class Judge {
    public static void main(String[] files) throws Exception {
        Security.addProvider(new BouncyCastleProvider());
        CertificateFactory factory = CertificateFactory.getInstance("X.509", "BC");
        X509Certificate root = certificate(factory, files[0]);
        X509Certificate sub = certificate(factory, files[1]);
        List<Object> lists = new ArrayList<>();
        for (String file : files[2].split(":")) {
            try (InputStream stream = new FileInputStream(file)) {
                lists.add((X509CRL) factory.generateCRL(stream));
            }
        }
        for (int at = 3; at < files.length; at++) {
            System.out.println(
                Path.of(files[at]).getFileName() + " " + verdict(factory, root, sub, lists, files[at]));
        }
    }

    private static X509Certificate certificate(CertificateFactory factory, String file)
            throws Exception {
        try (InputStream stream = new FileInputStream(file)) {
            return (X509Certificate) factory.generateCertificate(stream);
        }
    }

    private static String verdict(CertificateFactory factory, X509Certificate root,
            X509Certificate sub, List<Object> lists, String file) {
        try {
            X509Certificate leaf = certificate(factory, file);
            CertPath path = factory.generateCertPath(List.of(leaf, sub));
            PKIXParameters by = new PKIXParameters(Set.of(new TrustAnchor(root, null)));
            by.setSigProvider("BC");
            by.addCertStore(CertStore.getInstance(
                "Collection", new CollectionCertStoreParameters(lists), "BC"));
            by.setRevocationEnabled(true);
            CertPathValidator.getInstance("PKIX", "BC").validate(path,
                new PKIXExtendedParameters.Builder(by).setUseDeltasEnabled(true).build());
            return "OK";
        } catch (Exception error) {
            return String.valueOf(error.getMessage()).replace('\n', ' ');
        }
    }
}
