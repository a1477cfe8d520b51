using System.Net;
using System.Net.Sockets;

namespace Serverless.Embedded.Processes;

/// <summary>TCP ports of 127.0.0.1 that nobody listens on.</summary>
public static class FreePort
{
    // Below the range from which the kernel takes ports for outgoing connections, which could take one between our look and its use.
    private const int First = 20000;
    private const int Last = 29999;

    public static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            socket.Listen(1);
            return true;
        }
        catch (SocketException exception) when (exception.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
        {
            return false;
        }
    }

    /// <summary><paramref name="preferred"/> when it is free, else another.</summary>
    /// <param name="preferred">0 for any.</param>
    public static int Choose(int preferred)
    {
        if (preferred != 0 && IsFree(preferred))
            return preferred;
        while (true)
        {
            var port = Random.Shared.Next(First, Last + 1);
            if (IsFree(port))
                return port;
        }
    }
}
