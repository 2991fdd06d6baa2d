// Tic-tac-toe as a decision process: the agent is X, O has begun in the center and answers at random or, half of the time, with care.
import { fromSuccessors, type Mdp } from "mdpkit";

/** Nine signs, row by row: "X", "O" or "-". X is to move, or the game is over; FORFEIT after an illegal move. */
export type Board = string;

const FORFEIT: Board = "forfeit";

/** Squares are numbered 1 to 9. */
export type Square = "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9";

const SQUARES: readonly Square[] = ["1", "2", "3", "4", "5", "6", "7", "8", "9"];

const LINES = [
  [0, 1, 2],
  [3, 4, 5],
  [6, 7, 8],
  [0, 3, 6],
  [1, 4, 7],
  [2, 5, 8],
  [0, 4, 8],
  [2, 4, 6],
] as const;

/** How often O looks for a square that wins, or else one that keeps X from winning. */
const CARE = 0.5;

export const TASK = "You play X at tic-tac-toe on squares 1 to 9. Win if you can, otherwise block O, otherwise take a corner.";

/** Hand-written positions. */
export const EXAMPLES = [
  { features: "X can win at: 3; O threatens: none", action: "3" },
  { features: "X can win at: none; O threatens: 8", action: "8" },
  { features: "X can win at: 7; O threatens: 2", action: "7" },
  { features: "X can win at: none; O threatens: none", action: "1" },
  { features: "X can win at: none; O threatens: 4", action: "4" },
  { features: "X can win at: 6; O threatens: none", action: "6" },
  { features: "X can win at: none; O threatens: 3", action: "3" },
  { features: "X can win at: 9; O threatens: 2", action: "9" },
  { features: "X can win at: none; O threatens: 2", action: "2" },
] as const;

export function ticTacToe(): Promise<Mdp<Board, Square>> {
  return fromSuccessors<Board, Square>("----O----", choicesOf, { actions: SQUARES, discount: 1 });
}

export function describeBoard(board: Board): string {
  return `X can win at: ${listed(winningSquares(board, "X"))}; O threatens: ${listed(winningSquares(board, "O"))}`;
}

/** The board in three lines. */
export function drawBoard(board: Board): string {
  return [0, 3, 6].map((i) => [...board.slice(i, i + 3)].join(" ")).join(" / ");
}

export function isLost(board: Board): boolean {
  return board === FORFEIT || hasLine(board, "O");
}

function choicesOf(board: Board): { action: Square; branches: (readonly [Board, number, number])[] }[] {
  if (isOver(board)) return [];
  return SQUARES.map((action, square) => {
    // A square that is taken may be named; that forfeits the game.
    if (board[square] !== "-") return { action, branches: [[FORFEIT, 1, -1] as const] };
    return { action, branches: answers(put(board, square, "X")).map(([next, p]) => [next, p, rewardOf(next)] as const) };
  });
}

/** What O may do, each board once. */
function answers(board: Board): (readonly [Board, number])[] {
  if (isOver(board)) return [[board, 1]];
  const free = freeSquares(board);
  const wins = winningSquares(board, "O");
  const blocks = winningSquares(board, "X");
  const careful = wins.length > 0 ? wins : blocks.length > 0 ? blocks : free;
  return free.flatMap((square) => {
    const p = (1 - CARE) / free.length + (careful.includes(square) ? CARE / careful.length : 0);
    return p > 0 ? [[put(board, square, "O"), p] as const] : [];
  });
}

function rewardOf(board: Board): number {
  return hasLine(board, "X") ? 1 : hasLine(board, "O") ? -1 : 0;
}

function isOver(board: Board): boolean {
  return hasLine(board, "X") || hasLine(board, "O") || !board.includes("-");
}

function hasLine(board: Board, sign: "X" | "O"): boolean {
  return LINES.some((line) => line.every((i) => board[i] === sign));
}

function freeSquares(board: Board): number[] {
  return [...board].flatMap((sign, i) => (sign === "-" ? [i] : []));
}

/** Where a sign would complete a line. */
function winningSquares(board: Board, sign: "X" | "O"): number[] {
  return freeSquares(board).filter((square) => hasLine(put(board, square, sign), sign));
}

function put(board: Board, square: number, sign: "X" | "O"): Board {
  return board.slice(0, square) + sign + board.slice(square + 1);
}

function listed(squares: readonly number[]): string {
  return squares.map((i) => SQUARES[i]).join(", ") || "none";
}
