/* sample_market.mjs - a generated market and what a plain strategy did in it. */
import { mean } from './sample_scores.mjs';

export function generator(seed) {
  let state = seed >>> 0;
  const uniform = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  return { uniform, normal };
}

export const DAY = 86400000;
export const dayText = (ms) => new Date(ms).toISOString().slice(0, 10);
export const closeText = (ms) => dayText(ms) + 'T21:00:00Z';

export function weekdays(first, n) {
  const out = [];
  for (let ms = Date.parse(first); out.length < n; ms += DAY) {
    const weekday = new Date(ms).getUTCDay();
    if (weekday !== 0 && weekday !== 6) {
      out.push(ms);
    }
  }
  return out;
}

/* Bars with volatility that comes in waves. */
export function prices(random, instrument, times, { start, drift, volatility }) {
  const out = {
    instrument,
    n_source_bars: times.length,
    bars_per_point: 1,
    time: [],
    open: [],
    high: [],
    low: [],
    close: [],
    volume: [],
  };
  let last = start;
  let heat = 1;
  times.forEach((ms) => {
    heat = 0.97 * heat + 0.03 * (0.5 + 2.2 * random.uniform() ** 3 * 2);
    const sigma = volatility * heat;
    const open = last * Math.exp(0.2 * sigma * random.normal());
    const close = open * Math.exp(drift + sigma * random.normal());
    const round = (x) => Math.round(100 * x) / 100;
    out.time.push(closeText(ms));
    out.open.push(round(open));
    out.close.push(round(close));
    out.high.push(round(Math.max(open, close) * (1 + 0.5 * sigma * random.uniform())));
    out.low.push(round(Math.min(open, close) * (1 - 0.5 * sigma * random.uniform())));
    out.volume.push(Math.round(2e6 * heat * (0.4 + random.uniform())));
    last = close;
  });
  return out;
}

/* A moving-average cross on each instrument with a third of the money; decided at a close, filled
 * at the next open. Gives daily accounts and round trips. */
export function trade(series, cash, fee) {
  const n = series[0].close.length;
  const state = series.map(() => ({ position: 0, open: null }));
  const account = {
    equity: [],
    cash: [],
    gross: [],
    net: [],
    turnover: [],
    costs: [],
    trades: [],
    fills: [],
  };
  let money = cash;
  const average = (list, i, k) => mean(list.slice(i - k, i));
  for (let i = 0; i < n; i++) {
    let turnover = 0;
    let costs = 0;
    series.forEach((bars, s) => {
      const st = state[s];
      const want =
        i < 60 ? 0 : Math.sign(average(bars.close, i, 12) - average(bars.close, i, 55)) || 0;
      const side = s === 2 ? Math.max(0, want) : want;
      if (st.open && st.open.direction === side) {
        const pnl = st.open.direction * st.open.quantity * (bars.low[i] - st.open.price);
        const best = st.open.direction * st.open.quantity * (bars.high[i] - st.open.price);
        st.open.mae = Math.min(st.open.mae, pnl, best);
        st.open.mfe = Math.max(st.open.mfe, pnl, best);
        return;
      }
      const price = bars.open[i];
      const fill = (quantity) => {
        const charge = Math.abs(quantity * price) * fee;
        money -= quantity * price + charge;
        turnover += Math.abs(quantity * price);
        costs += charge;
        account.fills.push([
          s,
          bars.time[i],
          Math.sign(quantity),
          Math.abs(quantity),
          price,
          charge,
        ]);
        return charge;
      };
      if (st.open) {
        const charge = fill(-st.position);
        const t = st.open;
        const fees = t.fees + charge;
        const pnl = t.direction * t.quantity * (price - t.price) - fees;
        const held = (Date.parse(bars.time[i]) - Date.parse(t.time)) / DAY;
        account.trades.push([
          s,
          t.direction,
          0,
          t.time,
          bars.time[i],
          t.bar,
          i,
          t.quantity,
          t.price,
          price,
          fees,
          pnl,
          pnl / (t.quantity * t.price),
          t.mae,
          t.mfe,
          held,
          i % 53 === 0 ? 'stop' : 'filled',
        ]);
        st.position = 0;
        st.open = null;
      }
      if (side !== 0) {
        const value = account.equity.length > 0 ? account.equity[i - 1] : cash;
        const quantity = Math.floor((0.33 * value) / price);
        const fees = fill(side * quantity);
        st.position = side * quantity;
        st.open = {
          direction: side,
          quantity,
          price,
          time: bars.time[i],
          bar: i,
          fees,
          mae: 0,
          mfe: 0,
        };
      }
    });
    const held = series.map((bars, s) => state[s].position * bars.close[i]);
    account.cash.push(money);
    account.equity.push(money + held.reduce((a, b) => a + b, 0));
    account.gross.push(held.reduce((a, b) => a + Math.abs(b), 0));
    account.net.push(held.reduce((a, b) => a + b, 0));
    account.turnover.push(turnover);
    account.costs.push(costs);
  }
  series.forEach((bars, s) => {
    const t = state[s].open;
    if (t) {
      const pnl = t.direction * t.quantity * (bars.close[n - 1] - t.price) - t.fees;
      account.trades.push([
        s,
        t.direction,
        1,
        t.time,
        bars.time[n - 1],
        t.bar,
        n - 1,
        t.quantity,
        t.price,
        bars.close[n - 1],
        t.fees,
        pnl,
        pnl / (t.quantity * t.price),
        t.mae,
        t.mfe,
        (Date.parse(bars.time[n - 1]) - Date.parse(t.time)) / DAY,
        'none',
      ]);
    }
  });
  account.positions = series.map((bars, s) => [
    s,
    state[s].position,
    bars.close[n - 1],
    state[s].position * bars.close[n - 1],
    5120.25 * (s - 1),
    310.5,
    940.18,
    s === 0 ? 812.4 : 0,
    2.1e6 + 1e5 * s,
  ]);
  return account;
}
