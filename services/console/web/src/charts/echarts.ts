/** The parts of ECharts that our charts are made of; loaded with the first chart that is shown, never before. */
import { BarChart, LineChart } from 'echarts/charts';
import { AriaComponent, AxisPointerComponent, GridComponent, MarkLineComponent, TooltipComponent } from 'echarts/components';
import { connect, init, use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';

use([LineChart, BarChart, GridComponent, TooltipComponent, AxisPointerComponent, MarkLineComponent, AriaComponent, CanvasRenderer]);

export { connect, init };
