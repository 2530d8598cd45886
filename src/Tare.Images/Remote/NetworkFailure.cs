// SPDX-License-Identifier: Apache-2.0
using System.Net.Sockets;

namespace Tare.Images.Remote;

/// <summary>Puts failures of the network into words; the binary leaves out those of the class library.</summary>
internal static class NetworkFailure
{
    /// <summary>True for what a broken, refused or silent connection throws.</summary>
    public static bool Is(Exception e) => e is HttpRequestException or IOException or SocketException or ObjectDisposedException;

    /// <summary>True when trying again cannot help: the other side was reached and is not as it must be.</summary>
    public static bool IsFinal(Exception e) =>
        e is HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded }
        || IsOfCertificate(e);

    /// <summary>True when there is nobody: to try again soon helps only where somebody was.</summary>
    public static bool IsOfNobody(Exception e) =>
        e is HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError }
        || Find<SocketException>(e) is
        {
            SocketErrorCode: SocketError.ConnectionRefused or SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain
                or SocketError.NetworkUnreachable or SocketError.HostUnreachable
        };

    public static bool IsOfCertificate(Exception e) => Find<UntrustedCertificateException>(e) is not null;

    public static string Explain(Exception e) => (e as HttpRequestException)?.HttpRequestError switch
    {
        HttpRequestError.ConfigurationLimitExceeded => $"its headers are larger than {RegistryOptions.MaxHeaderKilobytes} KiB",
        HttpRequestError.NameResolutionError => "its name has no address",
        HttpRequestError.SecureConnectionError => IsOfCertificate(e)
            ? "its certificate is not valid for it, or nobody vouches for it"
            : "it does not speak TLS",
        HttpRequestError.InvalidResponse => "it does not speak HTTP",
        HttpRequestError.ResponseEnded => "the connection broke",
        HttpRequestError.ProxyTunnelError => "the proxy refuses",
        _ => Find<SocketException>(e) is { } socket ? Explain(socket.SocketErrorCode) : "the connection broke",
    };

    private static string Explain(SocketError error) => error switch
    {
        SocketError.ConnectionRefused => "connection refused",
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => "its name has no address",
        SocketError.HostUnreachable or SocketError.NetworkUnreachable => "no way leads there",
        SocketError.TimedOut => "it does not answer",
        _ => "the connection broke",
    };

    private static T? Find<T>(Exception? e)
        where T : Exception
    {
        for (; e is not null; e = e.InnerException)
        {
            if (e is T found)
            {
                return found;
            }
        }
        return null;
    }
}
