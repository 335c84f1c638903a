using EcsRelease.Aws;

namespace EcsRelease.ServiceLogs;

/// <summary>Reads of CloudWatch Logs at a pace that leaves room for others in the account; what passes by itself is asked
/// again.</summary>
internal sealed class LogCalls(AmazonCloudWatchLogsClient logs, TimeProvider time)
{
    private const int MaxAttempts = 30;

    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(1);

    // GetLogEvents has 25 a second in an account and region, FilterLogEvents fewer; others read as well.
    private readonly CallPace _pace = new(time, perSecond: 8, burst: 2);

    public AmazonCloudWatchLogsClient Client => logs;

    /// <exception cref="AwsServiceException"/>
    public async Task<T> CallAsync<T>(Func<AmazonCloudWatchLogsClient, Task<T>> call, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            await _pace.WaitAsync(isLook: false, cancellationToken);
            try
            {
                var answer = await call(logs);
                _pace.Recover();
                return answer;
            }
            catch (AwsServiceException passing) when (passing.IsPassing && attempt < MaxAttempts)
            {
                if (passing.IsThrottled)
                    _pace.SlowDown();
                await Task.Delay(_pause, time, cancellationToken);
            }
        }
    }
}
