// One task for a worker, one answer from it: both sides.

type Reply<Answer> = { readonly answer: Answer } | { readonly failed: string };

/** The page's side: sends the task, resolves to the answer, ends the worker. @throws Error with what the worker threw. */
export function askWorker<Task, Answer>(worker: Worker, task: Task): Promise<Answer> {
  return new Promise<Answer>((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<Reply<Answer>>) => {
      if ("failed" in data) reject(new Error(data.failed));
      else resolve(data.answer);
    };
    worker.onerror = (event) => reject(new Error(`the worker failed: ${event.message}`));
    worker.postMessage(task);
  }).finally(() => worker.terminate());
}

/** The worker's side. */
export function answerTask<Task, Answer>(perform: (task: Task) => Promise<Answer>): void {
  const reply = (message: Reply<Answer>) => postMessage(message);
  addEventListener("message", ({ data }: MessageEvent<Task>) => {
    perform(data).then(
      (answer) => reply({ answer }),
      (error: unknown) => reply({ failed: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
    );
  });
}
