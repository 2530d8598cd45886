// SPDX-License-Identifier: Apache-2.0
using System.Net.Http.Headers;
using Tare.Oci;

namespace Tare.Images.Remote;

/// <summary>Tells failures that may pass from those that will not.</summary>
internal static class Failures
{
    /// <summary>Too busy, or broken for the moment.</summary>
    public static bool IsTransient(HttpResponseMessage answer) => (int)answer.StatusCode is 408 or 429 or 500 or 502 or 503 or 504;

    public static TransientException OfBusy(HttpResponseMessage answer)
    {
        int code = (int)answer.StatusCode;
        return new TransientException(code == 429 ? "too many requests" : $"the server answered {code}", RetryAfter(answer));
    }

    /// <param name="e">of the network, or that the time for an answer was over</param>
    /// <param name="who">whose failure it is</param>
    /// <returns>a TransientException, or a TareException when it is final</returns>
    public static Exception Of(Exception e, string who)
    {
        for (Exception? inner = e; inner is not null; inner = inner.InnerException)
        {
            if (inner is ForbiddenHostException forbidden)
            {
                return new TareException(
                    ErrorKind.PermissionDenied,
                    $"{who}: leads to {Quoted.Text(forbidden.Host)}, which is in a private network that the registry is not in");
            }
        }
        string cause = e is OperationCanceledException ? "it does not answer" : NetworkFailure.Explain(e);
        if (!NetworkFailure.IsFinal(e))
        {
            return new TransientException(cause, inner: e);
        }
        return NetworkFailure.IsOfCertificate(e)
            ? new TareException(
                ErrorKind.Unavailable, $"{who}: {cause}", "registry-certificates names who vouches for it, insecure-registries one for tests: docs/config.md", e)
            : new TareException(ErrorKind.ResourceExhausted, $"{who}: {cause}", inner: e);
    }

    /// <remarks>RFC 9110 §10.2.3; a date counts from the server's own.</remarks>
    private static TimeSpan? RetryAfter(HttpResponseMessage answer)
    {
        RetryConditionHeaderValue? after = answer.Headers.RetryAfter;
        TimeSpan? wait = after?.Delta ?? (after?.Date is { } date && answer.Headers.Date is { } now ? date - now : null);
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }
}
